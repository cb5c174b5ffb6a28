// Avro Java's Schema.toString() (1.11 and 1.12 write the same), and what Confluent's registry makes of it when it
// normalizes.

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "avro/java_json.h"
#include "avro/name.h"
#include "avro/schema_text.h"
#include "avro/text_builder.h"

namespace omashu::avro {

namespace {

bool is_type_word(std::string_view name) {
  return primitive_type(name) || name == "union" || (is_complex_type_word(name) && name != "error");
}

std::string_view bare_name(std::string_view full_name) { return full_name.substr(full_name.rfind('.') + 1); }

std::string_view name_space_of(std::string_view full_name) {
  const size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : full_name.substr(0, dot);
}

// A name as it is written inside a namespace: bare where it is of that namespace and could mean nothing else.
std::string_view written_name(std::string_view full_name, std::string_view enclosing) {
  const std::string_view name = bare_name(full_name);
  const bool same = !enclosing.empty() && name_space_of(full_name) == enclosing;
  return same && !is_type_word(name) ? name : full_name;
}

class JavaText {
 public:
  JavaText(const Schema& schema, bool normalized, bool resolved)
      : schema_(schema), normalized_(normalized), resolved_(resolved) {}

  std::string write() {
    return text_.build(schema_.root(),
                       [this](const Node& node, std::string_view enclosing) { expand(node, enclosing); });
  }

 private:
  void expand(const Node& node, std::string_view enclosing) {
    switch (node.type) {
      case Type::kRecord:
      case Type::kEnum:
      case Type::kFixed: return expand_named(node, enclosing);
      case Type::kUnion: return expand_union(node, enclosing);
      case Type::kArray:
      case Type::kMap:
        text_.text() += node.type == Type::kArray ? R"({"type":"array","items":)" : R"({"type":"map","values":)";
        text_.add_node(*node.items, enclosing);
        break;
      default:
        if (node.properties.empty()) return append_java_string(text_.text(), type_name(node.type));
        text_.text() += R"({"type":)";
        append_java_string(text_.text(), type_name(node.type));
    }
    add_properties(node);
    text_.text() += '}';
  }

  void expand_union(const Node& node, std::string_view enclosing) {
    text_.text() += '[';
    for (const Node* branch : node.branches) {
      if (branch != node.branches.front()) text_.text() += ',';
      text_.add_node(*branch, enclosing);
    }
    text_.text() += ']';
  }

  void expand_named(const Node& node, std::string_view enclosing) {
    if (!is_written_out(node) || !written_.insert(&node).second) {
      return append_java_string(text_.text(), written_name(node.full_name, enclosing));
    }
    text_.text() += R"({"type":)";
    append_java_string(text_.text(), node.is_error && !normalized_ ? "error" : type_name(node.type));
    add_name(node, enclosing);
    if (node.doc && !(normalized_ && node.doc->empty())) add_string("doc", *node.doc);
    if (node.type == Type::kRecord) add_fields(node);
    if (node.type == Type::kEnum) {
      add_strings("symbols", node.symbols);
      if (node.enum_default) add_string("default", *node.enum_default);
    }
    if (node.type == Type::kFixed) text_.text() += R"(,"size":)" + std::to_string(node.fixed_size);
    add_properties(node);
    if (!node.aliases.empty()) add_strings("aliases", written_aliases(node));
    text_.text() += '}';
  }

  // Types that only a reference defines are written by name.
  bool is_written_out(const Node& node) const {
    if (resolved_) return true;
    const auto definition = schema_.definitions().find(node.full_name);
    return definition != schema_.definitions().end() && definition->second == &node;
  }

  void add_name(const Node& node, std::string_view enclosing) {
    add_string("name", node.name());
    if (node.name_space() != enclosing) add_string("namespace", node.name_space());
  }

  void add_fields(const Node& record) {
    text_.text() += R"(,"fields":[)";
    for (const Field& field : record.fields) {
      if (&field != &record.fields.front()) text_.text() += ',';
      text_.text() += R"({"name":)";
      append_java_string(text_.text(), field.name);
      text_.text() += R"(,"type":)";
      text_.add_node(*field.type, record.name_space());
      add_field_attributes(field);
      text_.text() += '}';
    }
    text_.text() += ']';
  }

  void add_field_attributes(const Field& field) {
    if (field.doc) add_string("doc", *field.doc);
    if (field.default_value) {
      text_.text() += R"(,"default":)";
      if (normalized_) {
        append_normalized_default(text_.text(), *field.default_value, *field.type);
      } else {
        append_java_json(text_.text(), *field.default_value);
      }
    }
    if (field.order == FieldOrder::kDescending) add_string("order", "descending");
    if (field.order == FieldOrder::kIgnore) add_string("order", "ignore");
    if (!field.aliases.empty()) add_strings("aliases", ordered(field.aliases));
    for (const json::Member* property : ordered(field.properties)) add_property(*property);
  }

  void add_string(std::string_view name, std::string_view value) {
    add_attribute_name(name);
    append_java_string(text_.text(), value);
  }

  void add_strings(std::string_view name, const std::vector<std::string>& values) {
    add_attribute_name(name);
    std::string& out = text_.text();
    out += '[';
    for (const std::string& value : values) {
      if (&value != &values.front()) out += ',';
      append_java_string(out, value);
    }
    out += ']';
  }

  std::vector<std::string> written_aliases(const Node& node) const {
    std::vector<std::string> aliases = ordered(node.aliases);
    for (std::string& alias : aliases) alias = written_name(alias, node.name_space());
    return aliases;
  }

  void add_properties(const Node& node) {
    std::vector<const json::Member*> properties = ordered(node.properties);
    if (normalized_) put_logical_type_first(node, properties);
    for (const json::Member* property : properties) add_property(*property);
  }

  // Normalizing writes the logical type first, with what it holds of a decimal's precision and scale. It knows those
  // of Avro Java 1.12.0, which lacks duration.
  static void put_logical_type_first(const Node& node, std::vector<const json::Member*>& properties) {
    if (node.logical_type == LogicalType::kNone || node.logical_type == LogicalType::kDuration) return;
    const auto rank = [&node](const json::Member* property) {
      if (property->name == "logicalType") return 0;
      if (node.logical_type != LogicalType::kDecimal) return 3;
      if (property->name == "precision") return 1;
      return property->name == "scale" && node.scale != 0 ? 2 : 3;
    };
    std::ranges::sort(properties, {}, [&](const json::Member* property) {
      return std::pair(rank(property), std::string_view(property->name));
    });
  }

  void add_property(const json::Member& property) {
    add_attribute_name(property.name);
    append_java_json(text_.text(), property.value, normalized_);
  }

  void add_attribute_name(std::string_view name) {
    std::string& out = text_.text();
    out += ',';
    append_java_string(out, name);
    out += ':';
  }

  std::vector<std::string> ordered(std::vector<std::string> aliases) const {
    if (normalized_) std::ranges::sort(aliases);
    return aliases;
  }

  std::vector<const json::Member*> ordered(const std::vector<json::Member>& properties) const {
    std::vector<const json::Member*> order;
    for (const json::Member& property : properties) order.push_back(&property);
    if (normalized_) std::ranges::sort(order, {}, &json::Member::name);
    return order;
  }

  const Schema& schema_;
  const bool normalized_;
  const bool resolved_;
  std::unordered_set<const Node*> written_;
  TextBuilder text_;
};

}  // namespace

std::string to_java_text(const Schema& schema, bool normalized) { return JavaText(schema, normalized, false).write(); }

std::string to_resolved_java_text(const Schema& schema) { return JavaText(schema, false, true).write(); }

}  // namespace omashu::avro
