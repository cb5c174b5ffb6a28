import org.apache.kafka.common.serialization.Deserializer;
import java.util.Map;

/** Without a headers.deserializer, Confluent's formatter prints the null literal for each header's value. */
public final class NullHeader implements Deserializer<String> {
  private String nullLiteral = "null";

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (configs.get("null.literal") != null) nullLiteral = (String) configs.get("null.literal");
  }

  @Override
  public String deserialize(String topic, byte[] value) {
    return nullLiteral;
  }
}
