#include "avro/json_schema.h"

#include <fmt/core.h>

#include <limits>
#include <set>
#include <utility>

#include "avro/union_rule.h"

namespace omashu::avro {

namespace {

using json::Value;

Value of_type(const char* type) {
  Value schema = Value::object();
  schema.add("type", type);
  return schema;
}

Value text_of_format(const char* format) {
  Value schema = of_type("string");
  schema.add("format", format);
  return schema;
}

Value text_of_pattern(const char* pattern) {
  Value schema = of_type("string");
  schema.add("pattern", pattern);
  return schema;
}

Value any_of(std::vector<Value> choices) {
  if (choices.size() == 1) return std::move(choices.front());
  Value schema = Value::object();
  schema.add("anyOf", Value::array(std::move(choices)));
  return schema;
}

// An object that has the one member.
Value object_of(std::string_view name, Value member) {
  Value properties = Value::object(), required = Value::array();
  properties.add(std::string(name), std::move(member));
  required.append(name);
  Value schema = of_type("object");
  schema.add("properties", std::move(properties))
      .add("required", std::move(required))
      .add("additionalProperties", false);
  return schema;
}

Value base64_object() {
  Value text = of_type("string");
  text.add("contentEncoding", "base64");
  return object_of("base64", std::move(text));
}

Value whole_number(int64_t minimum, int64_t maximum) {
  Value schema = of_type("integer");
  schema.add("minimum", minimum).add("maximum", maximum);
  return schema;
}

Value real_number() { return any_of({of_type("number"), text_of_pattern("^(NaN(\\(0x[0-9a-f]+\\))?|-?Infinity)$")}); }

Value bytes_of(const Node& node) {
  Value text = text_of_pattern("^[\\u0000-\\u00ff]*$");
  if (node.type == Type::kFixed) text.add("minLength", node.fixed_size).add("maxLength", node.fixed_size);
  return any_of({std::move(text), base64_object()});
}

class SchemaWriter {
 public:
  explicit SchemaWriter(std::string_view prefix) : prefix_(prefix) {}

  Value write(const Node& node) {
    if (node.logical_type != LogicalType::kNone) return write_logical(node);
    switch (node.type) {
      case Type::kNull: return of_type("null");
      case Type::kBoolean: return of_type("boolean");
      case Type::kInt: return whole_number(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
      case Type::kLong: return whole_number(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
      case Type::kFloat:
      case Type::kDouble: return real_number();
      case Type::kBytes: return bytes_of(node);
      case Type::kString: return of_type("string");
      case Type::kRecord:
      case Type::kEnum:
      case Type::kFixed: return reference_to(node);
      case Type::kArray: {
        Value schema = of_type("array");
        schema.add("items", write(*node.items));
        return schema;
      }
      case Type::kMap: {
        Value schema = of_type("object");
        schema.add("additionalProperties", write(*node.items));
        return schema;
      }
      case Type::kUnion: return write_union(node);
    }
    return Value::object();
  }

  std::vector<json::Member> take_definitions() { return std::move(definitions_); }

 private:
  static Value write_logical(const Node& node) {
    switch (node.logical_type) {
      case LogicalType::kDecimal:
      case LogicalType::kBigDecimal: return any_of({text_of_pattern("^-?[0-9]+(\\.[0-9]+)?$"), base64_object()});
      case LogicalType::kUuid: return text_of_format("uuid");
      case LogicalType::kDate: return text_of_format("date");
      case LogicalType::kTimeMillis:
      case LogicalType::kTimeMicros:
        return any_of({text_of_pattern("^[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?$"), of_type("integer")});
      case LogicalType::kTimestampMillis:
      case LogicalType::kTimestampMicros:
      case LogicalType::kTimestampNanos: return text_of_format("date-time");
      case LogicalType::kLocalTimestampMillis:
      case LogicalType::kLocalTimestampMicros:
      case LogicalType::kLocalTimestampNanos:
        return text_of_pattern("^[+-]?[0-9]+-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?$");
      case LogicalType::kDuration: return text_of_format("duration");
      case LogicalType::kNone: break;
    }
    return Value::object();
  }

  // Bare; where a value of one branch may be read as another's, tagged too.
  Value write_union(const Node& node) {
    std::vector<Value> choices, tagged;
    for (size_t i = 0; i < node.branches.size(); ++i) {
      const Node& branch = *node.branches[i];
      choices.push_back(write(branch));
      if (may_be_misread(node, i)) tagged.push_back(object_of(branch_name(branch), write(branch)));
    }
    for (Value& choice : tagged) choices.push_back(std::move(choice));
    if (choices.empty()) {
      Value nothing = Value::object();
      nothing.add("not", Value::object());
      return nothing;
    }
    return any_of(std::move(choices));
  }

  Value reference_to(const Node& node) {
    if (written_.insert(node.full_name).second) {
      const size_t index = definitions_.size();
      definitions_.push_back({node.full_name, {}, 0});
      Value definition = define(node);
      definitions_[index].value = std::move(definition);
    }
    Value schema = Value::object();
    schema.add("$ref", prefix_ + node.full_name);
    return schema;
  }

  Value define(const Node& node) {
    if (node.type == Type::kFixed) return bytes_of(node);
    if (node.type == Type::kRecord) return define_record(node);
    Value schema = of_type("string");
    Value symbols = Value::array();
    for (const std::string& symbol : node.symbols) symbols.append(symbol);
    schema.add("enum", std::move(symbols));
    if (node.doc) schema.add("description", *node.doc);
    return schema;
  }

  Value define_record(const Node& node) {
    Value properties = Value::object(), required = Value::array();
    for (const Field& field : node.fields) {
      Value property = write(*field.type);
      if (field.doc) property.add("description", *field.doc);
      properties.add(field.name, std::move(property));
      if (!field.default_value && !may_be_null(*field.type)) required.append(field.name);
    }
    Value schema = of_type("object");
    schema.add("properties", std::move(properties));
    if (!required.items().empty()) schema.add("required", std::move(required));
    schema.add("additionalProperties", false);
    if (node.doc) schema.add("description", *node.doc);
    return schema;
  }

  static bool may_be_null(const Node& type) {
    if (type.type == Type::kNull) return true;
    if (type.type != Type::kUnion) return false;
    for (const Node* branch : type.branches) {
      if (branch->type == Type::kNull) return true;
    }
    return false;
  }

  const std::string prefix_;
  std::set<std::string> written_;
  std::vector<json::Member> definitions_;
};

}  // namespace

JsonSchema to_json_schema(const Schema& schema, std::string_view reference_prefix) {
  SchemaWriter writer(reference_prefix);
  JsonSchema written;
  written.root = writer.write(schema.root());
  written.definitions = writer.take_definitions();
  return written;
}

}  // namespace omashu::avro
