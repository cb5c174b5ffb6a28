// Writes the lines of java_messages.txt for the APIs of the given names, as the kafka-clients on the class path encodes
// them:
//
//   java -cp "$OMASHU_REAL_KAFKA/lib/*" EncodeMessages.java ElectLeaders DescribeQuorum

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;

class EncodeMessages {
  private int numbers = 0;
  private int nullables = 0;

  public static void main(String[] names) {
    for (String name : names) {
      ApiMessageType api = ApiMessageType.valueOf(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase());
      print(name + "Request", api.lowestSupportedVersion(), api.requestSchemas());
      print(name + "Response", api.lowestSupportedVersion(), api.responseSchemas());
    }
  }

  private static void print(String name, short first, Schema[] schemas) {
    for (int version = first; version < schemas.length; ++version) {
      Struct message = new EncodeMessages().fill(schemas[version]);
      ByteBuffer buffer = ByteBuffer.allocate(message.sizeOf());
      message.writeTo(buffer);
      System.out.println(name + " " + version + " " + HexFormat.of().formatHex(buffer.array()));
    }
  }

  private Struct fill(Schema schema) {
    Struct struct = new Struct(schema);
    for (BoundField field : schema.fields()) {
      boolean isTagged = field.def instanceof Field.TaggedFieldsSection;
      struct.set(field, isTagged ? new TreeMap<Integer, Object>() : value(field.def.name, field.def.type));
    }
    return struct;
  }

  // Tagged fields keep their defaults. Every second of the other fields that may be null is, but for arrays of structs.
  private Object value(String name, Type type) {
    boolean hasStructs = type.isArray() && type.arrayElementType().get() instanceof Schema;
    if (type.isNullable() && !hasStructs && ++nullables % 2 == 0) return null;
    if (type instanceof Schema schema) return fill(schema);
    if (type.isArray()) {
      Type element = type.arrayElementType().get();
      return new Object[] {value(name, element), value(name, element)};
    }
    int number = ++numbers;
    String kind = type.toString();
    if (kind.endsWith("STRING")) return name + "-" + number;
    return switch (kind) {
      case "BOOLEAN" -> number % 2 == 1;
      case "INT8" -> (byte) number;
      case "INT16" -> (short) (300 + number);
      case "UINT16" -> 40_000 + number;
      case "INT32" -> 70_000 + number;
      case "INT64" -> 5_000_000_000L + number;
      case "FLOAT64" -> number + 0.5;
      case "UUID" -> new Uuid(number, -number);
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
