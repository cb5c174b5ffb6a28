import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** A file of cases, one JSON object a line, in which the answers are filled in. */
final class CaseFile {
  interface Case {
    void fillIn(ObjectNode line) throws Exception;
  }

  static void rewrite(Path file, String about, List<String> answers, Case recorded) throws Exception {
    ObjectMapper json = new ObjectMapper();
    List<String> out = new ArrayList<>();
    out.add(json.createObjectNode().put("about", about).toString());
    for (String text : Files.readAllLines(file)) {
      if (text.startsWith("{\"about\"")) continue;
      ObjectNode line = (ObjectNode) json.readTree(text);
      line.remove(answers);
      line.remove("java_error");
      AvroText.schemas = schemas(line);
      try {
        recorded.fillIn(line);
      } catch (Throwable e) {
        line.put("java_error", e.getClass().getSimpleName());
      }
      out.add(line.toString());
    }
    Files.write(file, out);
  }

  private static List<Schema> schemas(ObjectNode line) {
    List<Schema> schemas = new ArrayList<>();
    if (line.has("schemas")) line.get("schemas").forEach(s -> schemas.add(new Schema.Parser().parse(s.textValue())));
    return schemas;
  }

  static Map<String, Object> properties(ObjectNode line) {
    Map<String, Object> properties = new HashMap<>();
    if (line.has("properties")) {
      line.get("properties").fields().forEachRemaining(p -> properties.put(p.getKey(), p.getValue().textValue()));
    }
    return properties;
  }

  static byte[] bytes(JsonNode hex) {
    return hex == null || hex.isNull() ? null : HexFormat.of().parseHex(hex.textValue());
  }

  static String hex(byte[] bytes) {
    return bytes == null ? null : HexFormat.of().formatHex(bytes);
  }
}
