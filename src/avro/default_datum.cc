#include "avro/default_datum.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "avro/java_number.h"
#include "avro/latin1.h"
#include "avro/number_text.h"
#include "avro/varint.h"

namespace omashu::avro {

namespace {

// A schema can spell a small default that stands for a huge datum: records within records, each omitting its fields.
constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr size_t kMaxValues = 1'000'000;
constexpr size_t kMaxDepth = 500;

template <class T>
void append_raw(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

class DefaultWriter {
 public:
  explicit DefaultWriter(std::string& out) : out_(out) {}

  bool write(const Node& type, const json::Value& value);

  // Set where the default is beyond the bounds above, whatever branch of a union is tried.
  bool too_large() const { return too_large_; }

 private:
  bool write_value(const Node& type, const json::Value& value);
  bool write_integer(const json::Value& value, int64_t min, int64_t max);
  bool write_real(const Node& type, const json::Value& value);
  bool write_bytes(const json::Value& value, const Node& type);
  bool write_enum(const Node& type, const json::Value& value);
  bool write_record(const Node& type, const json::Value& value);
  bool write_items(const Node& type, const json::Value& value);
  bool write_union(const Node& type, const json::Value& value);

  std::string& out_;
  size_t values_ = 0;
  size_t depth_ = 0;
  bool too_large_ = false;
};

bool DefaultWriter::write(const Node& type, const json::Value& value) {
  if (++values_ > kMaxValues || depth_ >= kMaxDepth || out_.size() > kMaxBytes) too_large_ = true;
  if (too_large_) return false;
  ++depth_;
  const bool ok = write_value(type, value);
  --depth_;
  return ok;
}

bool DefaultWriter::write_value(const Node& type, const json::Value& value) {
  switch (type.type) {
    case Type::kNull: return value.is_null();
    case Type::kBoolean: out_ += value.boolean() ? '\1' : '\0'; return value.is_boolean();
    case Type::kInt:
      return write_integer(value, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
    case Type::kLong:
      return write_integer(value, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
    case Type::kFloat:
    case Type::kDouble: return write_real(type, value);
    case Type::kString:
      if (!value.is_string()) return false;
      append_long(out_, static_cast<int64_t>(value.text().size()));
      out_ += value.text();
      return true;
    case Type::kBytes:
    case Type::kFixed: return write_bytes(value, type);
    case Type::kEnum: return write_enum(type, value);
    case Type::kRecord: return write_record(type, value);
    case Type::kArray:
    case Type::kMap: return write_items(type, value);
    case Type::kUnion: return write_union(type, value);
  }
  return false;
}

bool DefaultWriter::write_integer(const json::Value& value, int64_t min, int64_t max) {
  const auto number = value.as_int64();
  if (!number || *number < min || *number > max) return false;
  append_long(out_, *number);
  return true;
}

// The parser of schemas leaves numbers, and the three names of what JSON has no number for.
bool DefaultWriter::write_real(const Node& type, const json::Value& value) {
  double number = 0;
  if (value.is_number()) {
    number = double_of_spelling(value.text());
  } else if (!value.is_string() || !parse_special(value.text(), number)) {
    return false;
  }
  if (type.type == Type::kFloat) {
    append_raw(out_, static_cast<float>(number));
  } else {
    append_raw(out_, number);
  }
  return true;
}

bool DefaultWriter::write_bytes(const json::Value& value, const Node& type) {
  std::string bytes;
  if (!value.is_string() || !append_latin1(bytes, value.text())) return false;
  if (type.type == Type::kFixed) {
    if (bytes.size() != type.fixed_size) return false;
  } else {
    append_long(out_, static_cast<int64_t>(bytes.size()));
  }
  out_ += bytes;
  return true;
}

bool DefaultWriter::write_enum(const Node& type, const json::Value& value) {
  const auto symbol = type.find_symbol(value.text());
  if (!value.is_string() || !symbol) return false;
  append_long(out_, static_cast<int64_t>(*symbol));
  return true;
}

bool DefaultWriter::write_record(const Node& type, const json::Value& value) {
  if (!value.is_object()) return false;
  return std::all_of(type.fields.begin(), type.fields.end(), [&](const Field& field) {
    const json::Value* given = value.find(field.name);
    if (given == nullptr && field.default_value) given = &*field.default_value;
    return given != nullptr && write(*field.type, *given);
  });
}

bool DefaultWriter::write_items(const Node& type, const json::Value& value) {
  const bool is_map = type.type == Type::kMap;
  if (is_map ? !value.is_object() : !value.is_array()) return false;
  const size_t count = is_map ? value.members().size() : value.items().size();
  if (count > 0) append_long(out_, static_cast<int64_t>(count));
  for (size_t i = 0; i < count; ++i) {
    if (is_map) {
      append_long(out_, static_cast<int64_t>(value.members()[i].name.size()));
      out_ += value.members()[i].name;
    }
    if (!write(*type.items, is_map ? value.members()[i].value : value.items()[i])) return false;
  }
  append_long(out_, 0);
  return true;
}

bool DefaultWriter::write_union(const Node& type, const json::Value& value) {
  const size_t start = out_.size();
  for (size_t i = 0; i < type.branches.size() && !too_large_; ++i) {
    append_long(out_, static_cast<int64_t>(i));
    if (write(*type.branches[i], value)) return true;
    out_.resize(start);
  }
  return false;
}

}  // namespace

Result<void> append_default(const Node& type, const json::Value& value, std::string& out) {
  std::string datum;
  DefaultWriter writer(datum);
  if (!writer.write(type, value)) {
    return fail(ErrorCode::kInvalidArgument, writer.too_large()
                                                 ? "the default stands for too large a value"
                                                 : fmt::format("the default {} does not fit its type {}",
                                                               json::to_text(value), type_name(type.type)));
  }
  out += datum;
  return {};
}

}  // namespace omashu::avro
