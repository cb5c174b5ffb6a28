#include "avro/datum.h"

#include <cassert>
#include <charconv>

#include "avro/float_widening.h"
#include "avro/logical_value.h"
#include "avro/number_text.h"

namespace omashu::avro {

std::string_view Datum::as_string() const {
  if (type().type != Type::kEnum) return as_bytes();
  return type().symbols[static_cast<size_t>(slot_->integer)];
}

Datum Datum::field(size_t index) const {
  assert(type().type == Type::kRecord);
  const Slot* fields = slot_->stride == 0 ? slot_->slots : slot_ + slot_->integer;
  return {*type().fields[index].type, fields[index]};
}

const Slot& Datum::item_slot(size_t index, size_t part) const {
  assert(index < slot_->size);
  return slot_->slots[index * slot_->stride + part];
}

Datum Datum::item(size_t index) const { return {*type().items, item_slot(index, 0)}; }

std::string_view Datum::key(size_t index) const {
  const Slot& slot = item_slot(index, 0);
  return {slot.bytes, slot.size};
}

Datum Datum::map_value(size_t index) const { return {*type().items, item_slot(index, 1)}; }

std::optional<Datum> Datum::find(std::string_view name) const {
  const Node& node = type();
  if (node.type == Type::kRecord) {
    const Field* found = node.find_field(name);
    if (found == nullptr) return std::nullopt;
    return field(static_cast<size_t>(found - node.fields.data()));
  }
  if (node.type == Type::kMap) {
    for (size_t i = 0; i < size(); ++i) {
      if (key(i) == name) return map_value(i);
    }
  }
  return std::nullopt;
}

std::optional<Datum> Datum::find_path(std::string_view path) const {
  const size_t dot = path.find('.');
  const std::optional<Datum> found = find(path.substr(0, dot));
  if (!found || dot == std::string_view::npos) return found;
  return found->find_path(path.substr(dot + 1));
}

std::optional<std::string> Datum::text() const {
  const Node& node = type();
  char buffer[kMaxLogicalValueText];
  switch (node.type) {
    case Type::kNull: return "null";
    case Type::kBoolean: return as_boolean() ? "true" : "false";
    case Type::kInt:
    case Type::kLong:
      if (char* end = write_logical(buffer, node.logical_type, as_long())) return std::string(buffer, end);
      return std::to_string(as_long());
    case Type::kFloat:
    case Type::kDouble: {
      const double value = as_double();
      char* end = node.type == Type::kFloat ? write_float(buffer, narrow(value)) : write_double(buffer, value);
      const std::string_view written(buffer, end);
      return std::string(written.front() == '"' ? written.substr(1, written.size() - 2) : written);
    }
    case Type::kString:
    case Type::kEnum: return std::string(as_string());
    case Type::kBytes:
    case Type::kFixed:
      if (char* end = write_logical(buffer, node.logical_type, as_bytes(), {.scale = node.scale})) {
        return std::string(buffer, end);
      }
      return std::string(as_bytes());
    default: return std::nullopt;
  }
}

bool Datum::equals_text(std::string_view wanted) const {
  if (text() == wanted) return true;
  double number = 0;
  const auto [stop, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  if (error != std::errc() || stop != wanted.data() + wanted.size()) return false;
  switch (type().type) {
    case Type::kInt:
    case Type::kLong: return static_cast<double>(as_long()) == number;
    case Type::kFloat:
    case Type::kDouble: return as_double() == number;
    default: return false;
  }
}

}  // namespace omashu::avro
