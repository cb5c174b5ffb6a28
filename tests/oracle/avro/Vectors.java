import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;

/**
 * Fills in what Avro Java says of the schemas in a file of test data, one JSON object a line:
 *
 * <pre>
 *   {"text":…, "references":[…]?}   gets java, canonical, crc64, sha256, or java_error
 *   {"reader":…, "writer":…}        gets incompatibilities, or java_error
 * </pre>
 *
 * What it does not know it leaves alone: "differs" says why omashu answers otherwise. Blank lines stay, and the first
 * line is written anew.
 */
public final class Vectors {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      Path file = Path.of(arg);
      List<String> out = new ArrayList<>();
      String version = Schema.class.getPackage().getImplementationVersion();
      ObjectNode about = JSON.createObjectNode();
      about.put("about", "What Avro Java " + version + " says; written by tests/oracle/avro/regenerate");
      out.add(about.toString());
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("{\"about\"")) continue;
        out.add(line.isBlank() ? line : fillIn((ObjectNode) JSON.readTree(line)).toString());
      }
      Files.write(file, out);
    }
  }

  private static ObjectNode fillIn(ObjectNode vector) {
    vector.remove(List.of("java", "canonical", "crc64", "sha256", "incompatibilities", "java_error"));
    try {
      if (vector.has("text")) {
        describe(vector);
      } else {
        compare(vector);
      }
    } catch (Exception e) {
      vector.put("java_error", e.getClass().getSimpleName());
    }
    return vector;
  }

  @SuppressWarnings("deprecation")
  private static void describe(ObjectNode vector) throws Exception {
    Schema.Parser parser = new Schema.Parser();
    List<Schema> references = new ArrayList<>();
    for (JsonNode reference : vector.path("references")) references.add(parser.parse(reference.textValue()));
    Schema schema = parser.parse(vector.get("text").textValue());
    String canonical = SchemaNormalization.toParsingForm(schema);
    vector.put("java", schema.toString(references, false));
    vector.put("canonical", canonical);
    vector.put("crc64", HexFormat.of().toHexDigits(SchemaNormalization.fingerprint64(canonical.getBytes("UTF-8"))));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes("UTF-8"));
    vector.put("sha256", HexFormat.of().formatHex(sha256));
  }

  private static void compare(ObjectNode vector) {
    Schema reader = new Schema.Parser().parse(vector.get("reader").textValue());
    Schema writer = new Schema.Parser().parse(vector.get("writer").textValue());
    ArrayNode list = JSON.createArrayNode();
    for (SchemaCompatibility.Incompatibility reason : SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult().getIncompatibilities()) {
      ObjectNode entry = list.addObject();
      entry.put("type", reason.getType().name());
      entry.put("location", reason.getLocation());
      entry.put("message", reason.getMessage());
    }
    vector.set("incompatibilities", list);
  }
}
