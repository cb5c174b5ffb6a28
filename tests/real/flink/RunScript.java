// Runs a Flink SQL script in this process: Flink's own planner and runtime, without a cluster.
//
//   java @HOME/java.args RunScript SCRIPT
//
// An empty line ends a statement. What a SELECT gives is printed as it comes, a line for each change: +I, -U, +U or -D
// and the values between tabs, null as \N. After the last statement it says "submitted" and stays until its jobs end:
// with 0 where they are done, with 1 and the reasons on stderr where a statement or a job fails.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public final class RunScript {
  private static final Pattern SET = Pattern.compile("SET '([^']*)' = '([^']*)'");

  private static TableEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.setString("rest.bind-address", "127.0.0.1");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("jobmanager.bind-host", "127.0.0.1");
    configuration.setString("parallelism.default", "1");
    return TableEnvironment.create(
        EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(configuration).build());
  }

  // Comments before it and the semicolon behind it are no part of a statement.
  private static String statement(String text) {
    StringBuilder kept = new StringBuilder();
    for (String line : text.split("\n")) {
      if (!line.startsWith("--")) kept.append(line).append('\n');
    }
    String statement = kept.toString().strip();
    return statement.endsWith(";") ? statement.substring(0, statement.length() - 1) : statement;
  }

  private static void print(TableResult result) throws Exception {
    try (CloseableIterator<Row> rows = result.collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        StringBuilder line = new StringBuilder(row.getKind().shortString());
        for (int i = 0; i < row.getArity(); ++i) {
          line.append('\t').append(row.getField(i) == null ? "\\N" : row.getField(i));
        }
        System.out.println(line);
      }
    }
  }

  private static void run(String[] arguments) throws Exception {
    TableEnvironment environment = environment();
    List<TableResult> jobs = new ArrayList<>();
    for (String text : Files.readString(Path.of(arguments[0])).split("\n\n")) {
      String statement = statement(text);
      if (statement.isEmpty()) continue;
      Matcher set = SET.matcher(statement);
      if (set.matches()) {
        environment.getConfig().set(set.group(1), set.group(2));
        continue;
      }
      try {
        TableResult result = environment.executeSql(statement);
        if (statement.startsWith("SELECT")) print(result);
        if (statement.startsWith("INSERT") || statement.startsWith("EXECUTE")) jobs.add(result);
      } catch (Exception problem) {
        throw new Exception(statement, problem);
      }
    }
    System.out.println("submitted");
    for (TableResult job : jobs) job.await();
  }

  public static void main(String[] arguments) {
    try {
      run(arguments);
      System.exit(0);
    } catch (Throwable problem) {
      for (Throwable at = problem; at != null; at = at.getCause()) System.err.println(at);
      System.exit(1);
    }
  }
}
