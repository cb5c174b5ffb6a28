import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Fills in what kafka-avro-console-consumer prints for a record: Kafka's own formatter, into which Avro Java's
 * JsonEncoder is plugged as a deserializer.
 *
 * <pre>
 *   {"name":…, "properties":{…}?, "schemas":[…], "key":hex?, "value":hex?, "headers":[[name, hex]…]?, "timestamp":…?}
 *   gets output, or java_error
 * </pre>
 *
 * Instead of hexadecimal digits, {"id":1,"json":…} has Avro Java write the payload; its bytes are then filled in.
 */
public final class ConsumerCases {
  public static void main(String[] args) throws Exception {
    CaseFile.rewrite(Path.of(args[0]),
        "What kafka-avro-console-consumer prints, by Avro Java " + Schema.class.getPackage().getImplementationVersion()
            + " and Kafka's console consumer " + AppInfoParser.getVersion()
            + "; written by tests/oracle/console/regenerate",
        List.of("output", "key_bytes", "value_bytes"), ConsumerCases::fillIn);
  }

  private static void fillIn(ObjectNode line) throws Exception {
    byte[] key = payload(line, "key");
    byte[] value = payload(line, "value");
    RecordHeaders headers = new RecordHeaders();
    if (line.has("headers")) line.get("headers").forEach(h -> headers.add(h.get(0).textValue(), CaseFile.bytes(h.get(1))));
    long timestamp = line.has("timestamp") ? line.get("timestamp").longValue() : 1709251199999L;
    TimestampType type = timestamp < 0 ? TimestampType.NO_TIMESTAMP_TYPE
        : line.path("is_log_append_time").booleanValue() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageFormatter formatter = formatter();
    formatter.configure(properties(line));
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    formatter.writeTo(
        new ConsumerRecord<>("t", 2, 17L, timestamp, type, 0, 0, key, value, headers, Optional.empty()), stream);
    line.put("output", out.toString(StandardCharsets.UTF_8));
  }

  private static byte[] payload(ObjectNode line, String part) throws Exception {
    JsonNode given = line.get(part);
    if (given == null || !given.isObject()) return CaseFile.bytes(given);
    byte[] bytes = AvroText.bytes(given.get("json").textValue(), given.get("id").intValue());
    line.put(part + "_bytes", CaseFile.hex(bytes));
    return bytes;
  }

  /** What Confluent's formatter takes, in the words of Kafka's. */
  private static Map<String, ?> properties(ObjectNode line) {
    Map<String, Object> properties = CaseFile.properties(line);
    properties.remove("print.value");
    properties.putIfAbsent("headers.deserializer", "NullHeader");
    boolean printsKeyIds = !properties.containsKey("key.deserializer");
    properties.putIfAbsent("key.deserializer", "AvroText");
    properties.put("value.deserializer", "AvroText");
    boolean printsIds = "true".equalsIgnoreCase(String.valueOf(properties.get("print.schema.ids")).trim());
    for (String part : List.of("key.deserializer.", "value.deserializer.", "headers.deserializer.")) {
      if (properties.get("null.literal") != null) properties.put(part + "null.literal", properties.get("null.literal"));
      if ("true".equals(properties.get("avro.use.logical.type.converters"))) properties.put(part + "converters", "");
      if (printsIds && (part.startsWith("value") || printsKeyIds)) {
        properties.put(part + "id.separator", properties.getOrDefault("schema.id.separator", "\t"));
      }
    }
    return properties;
  }

  private static MessageFormatter formatter() throws Exception {
    Constructor<?> constructor =
        Class.forName("org.apache.kafka.tools.consumer.DefaultMessageFormatter").getDeclaredConstructor();
    constructor.setAccessible(true);
    return (MessageFormatter) constructor.newInstance();
  }
}
