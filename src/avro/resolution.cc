#include "avro/resolution.h"

#include <algorithm>

namespace omashu::avro {

bool names_match(const Node& reader, const Node& writer) {
  return reader.name() == writer.name() || std::ranges::find(reader.aliases, writer.full_name) != reader.aliases.end();
}

const Field* find_writer_field(const Node& writer_record, const Field& reader_field) {
  if (const Field* field = writer_record.find_field(reader_field.name)) return field;
  for (const std::string& alias : reader_field.aliases) {
    if (const Field* field = writer_record.find_field(alias)) return field;
  }
  return nullptr;
}

bool is_promotable(Type writer, Type reader) {
  switch (writer) {
    case Type::kInt: return reader == Type::kLong || reader == Type::kFloat || reader == Type::kDouble;
    case Type::kLong: return reader == Type::kFloat || reader == Type::kDouble;
    case Type::kFloat: return reader == Type::kDouble;
    case Type::kString: return reader == Type::kBytes;
    case Type::kBytes: return reader == Type::kString;
    default: return false;
  }
}

}  // namespace omashu::avro
