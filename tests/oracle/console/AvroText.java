import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Payloads of Confluent's framing as text, and back, by Avro Java's own encoders and decoders. As a deserializer it
 * plugs into Kafka's own formatter, which calls it with the null literal where there is no payload.
 */
public final class AvroText implements Deserializer<String> {
  /** The registry of the case that is being recorded: a schema's id is its place, from 1. */
  static List<Schema> schemas = List.of();

  private static final List<Conversion<?>> CONVERSIONS = List.of(
      new Conversions.BigDecimalConversion(), new Conversions.DecimalConversion(),
      new Conversions.DurationConversion(), new Conversions.UUIDConversion(), new TimeConversions.DateConversion(),
      new TimeConversions.TimeMillisConversion(), new TimeConversions.TimeMicrosConversion(),
      new TimeConversions.TimestampMillisConversion(), new TimeConversions.TimestampMicrosConversion(),
      new TimeConversions.TimestampNanosConversion(), new TimeConversions.LocalTimestampMillisConversion(),
      new TimeConversions.LocalTimestampMicrosConversion(), new TimeConversions.LocalTimestampNanosConversion());

  private String nullLiteral = "null";
  private String idSeparator;
  private boolean isKey;
  private final GenericData data = new GenericData();

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    this.isKey = isKey;
    if (configs.get("null.literal") != null) nullLiteral = (String) configs.get("null.literal");
    if (configs.get("id.separator") != null) idSeparator = (String) configs.get("id.separator");
    if (configs.containsKey("converters")) CONVERSIONS.forEach(data::addLogicalTypeConversion);
  }

  @Override
  public String deserialize(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String deserialize(String topic, Headers headers, byte[] payload) {
    if (Arrays.equals(payload, nullLiteral.getBytes(StandardCharsets.UTF_8))) {
      return nullLiteral + (idSeparator == null ? "" : idSeparator + (isKey ? nullLiteral : "null"));
    }
    ByteBuffer buffer = ByteBuffer.wrap(payload);
    if (buffer.get() != 0) throw new SerializationException("Unknown magic byte!");
    int id = buffer.getInt();
    try {
      return json(read(schemas.get(id - 1), buffer)) + (idSeparator == null ? "" : idSeparator + id);
    } catch (IOException e) {
      throw new SerializationException(e);
    }
  }

  private Object read(Schema schema, ByteBuffer rest) throws IOException {
    byte[] bytes = new byte[rest.remaining()];
    rest.get(bytes);
    if (schema.getType() == Schema.Type.BYTES) return ByteBuffer.wrap(bytes);
    return new GenericDatumReader<>(schema, schema, data).read(null,
        DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private String json(Object value) throws IOException {
    Schema schema = schemaOf(value);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, out);
    new GenericDatumWriter<>(schema, data).write(value, encoder);
    encoder.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What stands at the top prints under the schema of the object that it became: a union's branch is not tagged. */
  private static Schema schemaOf(Object value) {
    if (value == null) return Schema.create(Schema.Type.NULL);
    if (value instanceof Boolean) return Schema.create(Schema.Type.BOOLEAN);
    if (value instanceof Integer) return Schema.create(Schema.Type.INT);
    if (value instanceof Long) return Schema.create(Schema.Type.LONG);
    if (value instanceof Float) return Schema.create(Schema.Type.FLOAT);
    if (value instanceof Double) return Schema.create(Schema.Type.DOUBLE);
    if (value instanceof CharSequence) return Schema.create(Schema.Type.STRING);
    if (value instanceof ByteBuffer) return Schema.create(Schema.Type.BYTES);
    if (value instanceof GenericContainer container) return container.getSchema();
    if (value instanceof Map<?, ?> map) {
      Object first = map.isEmpty() ? null : map.values().iterator().next();
      return Schema.createMap(schemaOf(first));
    }
    throw new IllegalArgumentException("no schema for " + value.getClass());
  }

  /** What AvroMessageReader makes of a text: Avro's JSON, framed. */
  static byte[] bytes(String json, int id) throws IOException {
    Schema schema = schemas.get(id - 1);
    Object datum = new GenericDatumReader<>(schema).read(null, DecoderFactory.get().jsonDecoder(schema, json));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    if (schema.getType() == Schema.Type.BYTES) {
      ByteBuffer bytes = (ByteBuffer) datum;
      out.write(bytes.array(), bytes.position(), bytes.remaining());
      return out.toByteArray();
    }
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
