import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import com.sun.source.util.JavacTask;

/** Parses a file, without the classes that it names; exit code 1 when it is not Java. */
class ParseJava {
  public static void main(String[] args) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, null);
    var problems = new javax.tools.DiagnosticCollector<javax.tools.JavaFileObject>();
    var units = files.getJavaFileObjects(Path.of(args[0]));
    ((JavacTask) compiler.getTask(null, files, problems, List.of(), null, units)).parse();
    problems.getDiagnostics().forEach(System.err::println);
    if (!problems.getDiagnostics().isEmpty()) System.exit(1);
  }
}
