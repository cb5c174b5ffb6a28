#include "flink/reader_schema_text.h"

#include <set>
#include <utility>

#include "base/json.h"
#include "flink/scalar_type.h"

namespace omashu::flink {

namespace {

using avro::LogicalType;
using avro::Node;
using avro::Type;

class Writer {
 public:
  explicit Writer(const FieldsOf& fields_of) : fields_of_(fields_of) {}

  json::Value write(const Node& type) {
    switch (type.type) {
      case Type::kUnion: {
        json::Value branches = json::Value::array();
        for (const Node* branch : type.branches) branches.append(write(*branch));
        return branches;
      }
      case Type::kArray: return container("array", "items", type);
      case Type::kMap: return container("map", "values", type);
      case Type::kRecord:
      case Type::kEnum:
      case Type::kFixed: return named(type);
      default: return primitive(type);
    }
  }

 private:
  json::Value container(std::string_view kind, std::string attribute, const Node& type) {
    json::Value text = json::Value::object();
    text.add("type", kind);
    text.add(std::move(attribute), write(*type.items));
    return text;
  }

  static void add_logical_type(json::Value& text, const Node& type) {
    switch (scalar_type(type).reading) {
      case Reading::kPlain: return;
      case Reading::kInstant:
      case Reading::kWallTime: text.add("logicalType", "timestamp-millis"); return;
      case Reading::kLogical: text.add("logicalType", logical_type_name(type.logical_type)); break;
    }
    if (type.logical_type != LogicalType::kDecimal) return;
    text.add("precision", type.precision);
    text.add("scale", type.scale);
  }

  static json::Value primitive(const Node& type) {
    if (scalar_type(type).reading == Reading::kPlain) return type_name(type.type);
    json::Value text = json::Value::object();
    text.add("type", type_name(type.type));
    add_logical_type(text, type);
    return text;
  }

  json::Value named(const Node& type) {
    if (!written_.insert(type.full_name).second) return type.full_name;
    json::Value text = json::Value::object();
    text.add("type", type_name(type.type));
    text.add("name", type.name());
    // Without this attribute the namespace would be that of the type around it.
    text.add("namespace", type.name_space());
    if (!type.aliases.empty()) text.add("aliases", names(type.aliases));
    if (type.type == Type::kRecord) text.add("fields", fields(type));
    if (type.type == Type::kEnum) {
      text.add("symbols", names(type.symbols));
      if (type.enum_default) text.add("default", *type.enum_default);
    }
    if (type.type == Type::kFixed) {
      text.add("size", static_cast<uint64_t>(type.fixed_size));
      add_logical_type(text, type);
    }
    return text;
  }

  json::Value fields(const Node& record) {
    json::Value list = json::Value::array();
    for (const avro::Field* field : fields_of_(record)) {
      json::Value text = json::Value::object();
      text.add("name", field->name);
      text.add("type", write(*field->type));
      if (has_usable_default(*field)) text.add("default", *field->default_value);
      if (!field->aliases.empty()) text.add("aliases", names(field->aliases));
      list.append(std::move(text));
    }
    return list;
  }

  // NaN and the infinities are no JSON, and Avro Java's parser refuses a number in quotes.
  static bool has_usable_default(const avro::Field& field) {
    if (!field.default_value) return false;
    const Node* type = field.type->type == Type::kUnion ? field.type->branches[0] : field.type;
    return (type->type != Type::kFloat && type->type != Type::kDouble) || !field.default_value->is_string();
  }

  static json::Value names(const std::vector<std::string>& texts) {
    json::Value list = json::Value::array();
    for (const std::string& text : texts) list.append(text);
    return list;
  }

  const FieldsOf& fields_of_;
  std::set<std::string> written_;
};

}  // namespace

std::string reader_schema_text(const Node& root, const FieldsOf& fields_of) {
  return json::to_text(Writer(fields_of).write(root));
}

}  // namespace omashu::flink
