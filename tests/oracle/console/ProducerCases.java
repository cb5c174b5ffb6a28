import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.tools.LineMessageReader;

/**
 * Fills in the record that kafka-avro-console-producer makes of a line: Kafka's own line reader splits it, and Avro
 * Java's JsonDecoder reads its parts.
 *
 * <pre>
 *   {"name":…, "properties":{…}?, "schemas":[value's, key's?], "line":…}  gets key, value and headers, or java_error
 * </pre>
 */
public final class ProducerCases {
  public static void main(String[] args) throws Exception {
    CaseFile.rewrite(Path.of(args[0]),
        "What kafka-avro-console-producer makes of a line, by Avro Java "
            + Schema.class.getPackage().getImplementationVersion() + " and Kafka's console producer "
            + AppInfoParser.getVersion() + "; written by tests/oracle/console/regenerate",
        List.of("key", "value", "headers"), ProducerCases::fillIn);
  }

  private static void fillIn(ObjectNode line) throws Exception {
    Map<String, Object> properties = CaseFile.properties(line);
    properties.put("topic", "t");
    LineMessageReader reader = new LineMessageReader();
    reader.configure(properties);
    byte[] text = (line.get("line").textValue() + "\n").getBytes(StandardCharsets.UTF_8);
    Iterator<ProducerRecord<byte[], byte[]>> records = reader.readRecords(new ByteArrayInputStream(text));
    ProducerRecord<byte[], byte[]> record = records.next();
    byte[] key = record.key() == null ? null : key(text(record.key()), (String) properties.get("key.serializer"));
    byte[] value = record.value() == null ? null : AvroText.bytes(text(record.value()), 1);
    line.put("key", CaseFile.hex(key));
    line.put("value", CaseFile.hex(value));
    ArrayNode headers = line.putArray("headers");
    for (Header header : record.headers()) headers.addArray().add(header.key()).add(CaseFile.hex(header.value()));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static byte[] key(String text, String serializerClass) throws Exception {
    if (serializerClass == null) return AvroText.bytes(text, 2);
    Serializer serializer = (Serializer) Class.forName(serializerClass).getDeclaredConstructor().newInstance();
    if (serializer instanceof LongSerializer) return serializer.serialize("t", Long.parseLong(text));
    if (serializer instanceof IntegerSerializer) return serializer.serialize("t", Integer.parseInt(text));
    if (serializer instanceof ShortSerializer) return serializer.serialize("t", Short.parseShort(text));
    return serializer.serialize("t", text);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
