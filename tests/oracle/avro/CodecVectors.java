import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/**
 * Fills in what Avro Java makes of data, one JSON object a line:
 *
 * <pre>
 *   {"schema":…, "reader":…?, "json":…}   gets binary (of the JSON, as hexadecimal digits)
 *                                         and read (JSON of the binary, as the reader sees it), or java_error
 * </pre>
 */
public final class CodecVectors {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    List<String> out = new ArrayList<>();
    String version = Schema.class.getPackage().getImplementationVersion();
    ObjectNode about = JSON.createObjectNode();
    about.put("about", "What Avro Java " + version + " makes of data; written by tests/oracle/avro/regenerate");
    out.add(about.toString());
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("{\"about\"")) continue;
      ObjectNode vector = (ObjectNode) JSON.readTree(line);
      vector.remove(List.of("binary", "read", "java_error"));
      try {
        fillIn(vector);
      } catch (Exception e) {
        vector.put("java_error", e.getClass().getSimpleName());
      }
      out.add(vector.toString());
    }
    Files.write(file, out);
  }

  private static void fillIn(ObjectNode vector) throws Exception {
    Schema writer = new Schema.Parser().parse(vector.get("schema").textValue());
    Schema reader = vector.has("reader") ? new Schema.Parser().parse(vector.get("reader").textValue()) : writer;
    String json = vector.get("json").textValue();
    Object datum = new GenericDatumReader<>(writer).read(null, DecoderFactory.get().jsonDecoder(writer, json));
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(binary, null);
    new GenericDatumWriter<>(writer).write(datum, encoder);
    encoder.flush();
    vector.put("binary", HexFormat.of().formatHex(binary.toByteArray()));
    Object read = new GenericDatumReader<>(writer, reader).read(null,
        DecoderFactory.get().binaryDecoder(binary.toByteArray(), null));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    JsonEncoder jsonEncoder = EncoderFactory.get().jsonEncoder(reader, text, false);
    new GenericDatumWriter<>(reader).write(read, jsonEncoder);
    jsonEncoder.flush();
    vector.put("read", text.toString(StandardCharsets.UTF_8));
  }
}
