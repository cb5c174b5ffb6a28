// Parsing Canonical Form (specification, "Transforming into Parsing Canonical Form").

#include <unordered_set>

#include "avro/schema_text.h"
#include "avro/text_builder.h"

namespace omashu::avro {

namespace {

// Names and symbols have no character that JSON would escape, and all names are full: no namespace is needed.
class CanonicalForm {
 public:
  std::string write(const Node& root) {
    return text_.build(root, [this](const Node& node, std::string_view) { expand(node); });
  }

 private:
  void expand(const Node& node) {
    switch (node.type) {
      case Type::kRecord:
      case Type::kEnum:
      case Type::kFixed: return expand_named(node);
      case Type::kUnion:
        text_.text() += '[';
        for (const Node* branch : node.branches) {
          if (branch != node.branches.front()) text_.text() += ',';
          text_.add_node(*branch, {});
        }
        text_.text() += ']';
        return;
      case Type::kArray:
      case Type::kMap:
        text_.text() += node.type == Type::kArray ? R"({"type":"array","items":)" : R"({"type":"map","values":)";
        text_.add_node(*node.items, {});
        text_.text() += '}';
        return;
      default: return add_quoted(type_name(node.type));
    }
  }

  void expand_named(const Node& node) {
    if (!written_.insert(node.full_name).second) return add_quoted(node.full_name);
    text_.text() += R"({"name":)";
    add_quoted(node.full_name);
    text_.text() += R"(,"type":)";
    add_quoted(type_name(node.type));
    if (node.type == Type::kRecord) add_fields(node);
    if (node.type == Type::kEnum) add_symbols(node);
    if (node.type == Type::kFixed) text_.text() += R"(,"size":)" + std::to_string(node.fixed_size);
    text_.text() += '}';
  }

  void add_fields(const Node& record) {
    text_.text() += R"(,"fields":[)";
    for (const Field& field : record.fields) {
      if (&field != &record.fields.front()) text_.text() += ',';
      text_.text() += R"({"name":)";
      add_quoted(field.name);
      text_.text() += R"(,"type":)";
      text_.add_node(*field.type, {});
      text_.text() += '}';
    }
    text_.text() += ']';
  }

  void add_symbols(const Node& node) {
    text_.text() += R"(,"symbols":[)";
    for (const std::string& symbol : node.symbols) {
      if (&symbol != &node.symbols.front()) text_.text() += ',';
      add_quoted(symbol);
    }
    text_.text() += ']';
  }

  void add_quoted(std::string_view name) { text_.text().append(1, '"').append(name).append(1, '"'); }

  std::unordered_set<std::string_view> written_;
  TextBuilder text_;
};

}  // namespace

std::string to_canonical_form(const Schema& schema) { return CanonicalForm().write(schema.root()); }

}  // namespace omashu::avro
