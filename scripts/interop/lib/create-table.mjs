/**
 * A table in Markdown whose rows are printed as they come.
 *
 * @returns {(row: Record<string, string | number>) => void} the names of the first row stand above all
 */
export function createTable() {
  let names;
  const print = (cells) => console.log(`| ${cells.join(' | ')} |`);
  return (row) => {
    if (!names) {
      names = Object.keys(row);
      print(names);
      console.log(`|${names.map(() => ' --- |').join('')}`);
    }
    print(names.map((name) => row[name]));
  };
}
