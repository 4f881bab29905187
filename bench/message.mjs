/** The next message of a process, which must not end before. */
export function message(child) {
  return new Promise((resolve, reject) => {
    const onEnd = (code) => reject(new Error(`a process of the benchmark ended with code ${code}`));
    child.once('exit', onEnd);
    child.once('message', (sent) => {
      child.off('exit', onEnd);
      resolve(sent);
    });
  });
}
