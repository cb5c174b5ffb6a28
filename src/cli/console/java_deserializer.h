// Deserializers of Kafka's Java client, by their class's name, for keys and headers that are no Avro: the text is what
// toString() gives for the object.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::cli {

// Confluent's deserializer, which reads the schema's id.
inline constexpr std::string_view kKafkaAvroDeserializer = "io.confluent.kafka.serializers.KafkaAvroDeserializer";

class JavaDeserializer {
 public:
  // "org.apache.kafka.common.serialization.LongDeserializer". Classes that are not Kafka's own cannot be loaded.
  static Result<JavaDeserializer> find(std::string_view class_name);

  // kCorrupt where the bytes are no such value. Nothing where the object is null.
  Result<std::optional<std::string>> to_text(std::string_view bytes) const;

 private:
  using Read = Result<std::optional<std::string>> (*)(std::string_view);
  explicit JavaDeserializer(Read read) : read_(read) {}
  Read read_;
};

}  // namespace omashu::cli
