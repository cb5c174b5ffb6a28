#include "avro/key_projection.h"

#include <fmt/core.h>

#include <algorithm>

#include "avro/resolution.h"

namespace omashu::avro {

namespace {

// The field's type by a path of names; a null on the way is looked past. nullptr where there is none.
const Node* find_type(const Node& root, std::string_view path) {
  const Node* type = &root;
  for (;;) {
    if (type->type == Type::kUnion) {
      const auto record = std::find_if(type->branches.begin(), type->branches.end(),
                                       [](const Node* branch) { return branch->type == Type::kRecord; });
      if (record == type->branches.end()) return nullptr;
      type = *record;
    }
    const size_t dot = path.find('.');
    const Field* field = type->find_field(path.substr(0, dot));
    if (field == nullptr || dot == std::string_view::npos) return field == nullptr ? nullptr : field->type;
    type = field->type;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

Result<KeyProjection> KeyProjection::compile(const Schema& value, const Schema& key, std::string_view key_field) {
  if (key.root().type == Type::kRecord && key_field.empty()) {
    if (value.root().type != Type::kRecord) {
      return fail(ErrorCode::kIncompatible, "the key's fields cannot be taken from a value that is not a record");
    }
    for (const Field& field : key.root().fields) {
      if (find_writer_field(value.root(), field) == nullptr) {
        return fail(ErrorCode::kIncompatible,
                    fmt::format("the key's field {} is not in the value {}", field.name, value.root().full_name));
      }
    }
    auto decoder = GenericDecoder::compile(value, key, true);
    if (!decoder) return fail(std::move(decoder.error()).within("the key from the value"));
    return KeyProjection(std::move(*decoder), "", std::nullopt);
  }
  const Node* field = find_type(value.root(), key_field);
  if (field == nullptr) {
    return fail(ErrorCode::kNotFound, fmt::format("the value has no field \"{}\" to take the key from", key_field));
  }
  auto whole = GenericDecoder::compile(value);
  if (!whole) return fail(std::move(whole.error()));
  auto part = GenericDecoder::compile(value.at(*field), key, true);
  if (!part) return fail(std::move(part.error()).within(fmt::format("the key from the value's field {}", key_field)));
  return KeyProjection(std::move(*whole), std::string(key_field), std::move(*part));
}

Result<void> KeyProjection::append_key(std::string_view value, std::string& out) const {
  Arena arena;
  const auto datum = value_.decode(value, arena);
  if (!datum) return fail(datum.error());
  if (!field_) {
    append_datum(*datum, out);
    return {};
  }
  const auto found = datum->find_path(path_);
  if (!found) return fail(ErrorCode::kNotFound, fmt::format("this value has no {} to take the key from", path_));
  std::string bytes;
  append_datum(*found, bytes);
  Arena field_arena;
  const auto key = field_->decode(bytes, field_arena);
  if (!key) return fail(Error(key.error()).within(fmt::format("the key from the value's field {}", path_)));
  append_datum(*key, out);
  return {};
}

}  // namespace omashu::avro
