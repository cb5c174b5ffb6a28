#include "cli/console/java_deserializer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include "avro/java_datum_json.h"
#include "avro/java_number.h"
#include "base/nearest.h"

namespace omashu::cli {

namespace {

using Text = Result<std::optional<std::string>>;

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

// Big-endian, of exactly its size.
template <class Unsigned>
Result<Unsigned> read_number(std::string_view bytes) {
  if (bytes.size() != sizeof(Unsigned)) {
    return refuse(fmt::format("{} bytes, where the deserializer expects {}", bytes.size(), sizeof(Unsigned)));
  }
  Unsigned number = 0;
  for (const char byte : bytes) number = static_cast<Unsigned>(number << 8 | static_cast<unsigned char>(byte));
  return number;
}

template <class Signed, class Unsigned>
Text integer(std::string_view bytes) {
  const auto number = read_number<Unsigned>(bytes);
  if (!number) return fail(number.error());
  return fmt::format("{}", static_cast<Signed>(*number));
}

// NaN and the infinities stand in quotes where numbers are JSON.
std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

Text real(std::string_view bytes) {
  const auto bits = read_number<uint64_t>(bytes);
  if (!bits) return fail(bits.error());
  return without_quotes(avro::java_double_text(std::bit_cast<double>(*bits)));
}

Text real32(std::string_view bytes) {
  const auto bits = read_number<uint32_t>(bytes);
  if (!bits) return fail(bits.error());
  return without_quotes(avro::java_float_text(std::bit_cast<float>(*bits)));
}

Text boolean(std::string_view bytes) {
  const auto byte = read_number<uint8_t>(bytes);
  if (!byte) return fail(byte.error());
  if (*byte > 1) return refuse(fmt::format("the byte {} is no boolean", *byte));
  return *byte == 1 ? "true" : "false";
}

Text string(std::string_view bytes) { return avro::as_java_string(bytes); }

Text uuid(std::string_view bytes) {
  std::string text(bytes);
  const bool is_uuid = text.size() == 36 && std::ranges::all_of(text, [&, at = 0](char c) mutable {
                         const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
                         ++at;
                         return is_dash ? c == '-' : std::string_view("0123456789abcdefABCDEF").contains(c);
                       });
  if (!is_uuid) return refuse("this is no UUID");
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

// org.apache.kafka.common.utils.Bytes: what is printable stands for itself, a backslash excepted.
Text bytes(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      text += c;
    } else {
      text += fmt::format("\\x{:02X}", byte);
    }
  }
  return text;
}

Text nothing(std::string_view bytes) {
  if (!bytes.empty()) return refuse("data where the deserializer expects none");
  return std::nullopt;
}

constexpr std::string_view kPackage = "org.apache.kafka.common.serialization.";

struct Class {
  std::string_view name;
  Text (*read)(std::string_view);
};

constexpr std::array kClasses = {
    Class{"BooleanDeserializer", boolean},
    Class{"BytesDeserializer", bytes},
    Class{"DoubleDeserializer", real},
    Class{"FloatDeserializer", real32},
    Class{"IntegerDeserializer", integer<int32_t, uint32_t>},
    Class{"LongDeserializer", integer<int64_t, uint64_t>},
    Class{"ShortDeserializer", integer<int16_t, uint16_t>},
    Class{"StringDeserializer", string},
    Class{"UUIDDeserializer", uuid},
    Class{"VoidDeserializer", nothing},
};

}  // namespace

Result<JavaDeserializer> JavaDeserializer::find(std::string_view class_name) {
  std::vector<std::string> names;
  for (const Class& known : kClasses) {
    names.push_back(fmt::format("{}{}", kPackage, known.name));
    if (names.back() == class_name) return JavaDeserializer(known.read);
  }
  const std::string suggestion = did_you_mean(class_name, names);
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("the class {} is not known here{}", class_name,
                          suggestion.empty() ? ": classes of Java cannot be loaded, only Kafka's own have a double here"
                                             : suggestion));
}

Text JavaDeserializer::to_text(std::string_view bytes) const { return read_(bytes); }

}  // namespace omashu::cli
