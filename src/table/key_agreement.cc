#include "table/key_agreement.h"

#include <fmt/core.h>

#include "base/shown.h"

namespace omashu::table {

namespace {

bool is_whole(avro::Type type) { return type == avro::Type::kInt || type == avro::Type::kLong; }

bool is_real(avro::Type type) { return type == avro::Type::kFloat || type == avro::Type::kDouble; }

bool is_plain_bytes(const avro::Node& type) {
  return type.logical_type == avro::LogicalType::kNone &&
         (type.type == avro::Type::kString || type.type == avro::Type::kBytes || type.type == avro::Type::kFixed);
}

// The two may have different types: a key of int and a value of long, a text and an optional one.
bool are_equal(const avro::Datum& a, const avro::Datum& b) {
  const avro::Node &x = a.type(), &y = b.type();
  if (is_plain_bytes(x) && is_plain_bytes(y)) return a.as_bytes() == b.as_bytes();
  if (is_whole(x.type) && is_whole(y.type) && x.logical_type == y.logical_type) return a.as_long() == b.as_long();
  if (is_real(x.type) && is_real(y.type)) return a.as_double() == b.as_double();
  const auto x_text = a.text(), y_text = b.text();
  if (x_text || y_text) return x_text == y_text;
  // Records, arrays and maps by what they hold, in the order in which it was written.
  std::string x_bytes, y_bytes;
  append_datum(a, x_bytes);
  append_datum(b, y_bytes);
  return x_bytes == y_bytes;
}

std::string text_of(const avro::Datum& datum) {
  const auto text = datum.text();
  return text ? shown(*text) : "other ones";
}

}  // namespace

Result<KeyAgreement> KeyAgreement::make(const avro::Schema& key, const avro::Schema& value) {
  auto key_decoder = avro::GenericDecoder::compile(key);
  if (!key_decoder) return fail(std::move(key_decoder.error()));
  auto value_decoder = avro::GenericDecoder::compile(value);
  if (!value_decoder) return fail(std::move(value_decoder.error()));
  KeyAgreement agreement(key, *std::move(key_decoder), *std::move(value_decoder));
  if (key.root().type != avro::Type::kRecord || value.root().type != avro::Type::kRecord) return agreement;
  for (size_t i = 0; i < key.root().fields.size(); ++i) {
    const avro::Field* field = value.root().find_field(key.root().fields[i].name);
    if (field != nullptr) agreement.fields_.emplace_back(i, static_cast<size_t>(field - value.root().fields.data()));
  }
  return agreement;
}

Result<std::optional<KeyDisagreement>> KeyAgreement::find(std::string_view key, std::string_view value) const {
  if (fields_.empty()) return std::nullopt;
  avro::Arena key_arena, value_arena;
  const auto key_datum = key_.decode(key, key_arena);
  if (!key_datum) return fail(key_datum.error());
  const auto value_datum = value_.decode(value, value_arena);
  if (!value_datum) return fail(value_datum.error());
  for (const auto& [key_index, value_index] : fields_) {
    const avro::Datum of_key = key_datum->field(key_index), of_value = value_datum->field(value_index);
    if (are_equal(of_key, of_value)) continue;
    return KeyDisagreement{
        .field = key_schema_.root().fields[key_index].name, .of_key = text_of(of_key), .of_value = text_of(of_value)};
  }
  return std::nullopt;
}

std::string KeyDisagreement::text() const {
  return fmt::format("the key has the {} {}, and the value {}: they must be equal", field, of_key, of_value);
}

std::vector<std::string> KeyAgreement::fields() const {
  std::vector<std::string> names;
  for (const auto& [key_index, value_index] : fields_) names.push_back(key_schema_.root().fields[key_index].name);
  return names;
}

}  // namespace omashu::table
