#include "provision/type_definitions.h"

#include <string_view>

namespace omashu::provision {

namespace {

std::string_view text_of(const json::Value* value) {
  return value != nullptr && value->is_string() ? std::string_view(value->text()) : std::string_view();
}

// Depth is bounded by the JSON parser.
class Finder {
 public:
  explicit Finder(std::vector<TypeDefinition>& found) : found_(found) {}

  void visit(const json::Value& schema, const std::string& name_space) {
    if (schema.is_array()) {
      for (const json::Value& branch : schema.items()) visit(branch, name_space);
    }
    if (!schema.is_object()) return;
    const json::Value* type = schema.find("type");
    const std::string_view word = text_of(type);
    if (word == "record" || word == "error" || word == "enum" || word == "fixed") {
      visit_definition(schema, name_space);
    } else if (word == "array" || word == "map") {
      const json::Value* inner = schema.find(word == "array" ? "items" : "values");
      if (inner != nullptr) visit(*inner, name_space);
    } else if (type != nullptr) {
      visit(*type, name_space);
    }
  }

 private:
  // "Names" in the specification: a dotted name is full; a bare one takes the attribute's namespace, else the one
  // around it.
  void visit_definition(const json::Value& schema, const std::string& enclosing) {
    const std::string name(text_of(schema.find("name")));
    const size_t dot = name.rfind('.');
    std::string name_space = enclosing;
    if (dot != std::string::npos) {
      name_space = name.substr(0, dot);
    } else if (const json::Value* own = schema.find("namespace"); own != nullptr && own->is_string()) {
      name_space = own->text();
    }
    const std::string bare = dot == std::string::npos ? name : name.substr(dot + 1);
    found_.push_back({name_space.empty() ? bare : name_space + "." + bare, &schema});
    const json::Value* fields = schema.find("fields");
    if (fields == nullptr || !fields->is_array()) return;
    for (const json::Value& field : fields->items()) {
      if (const json::Value* type = field.find("type")) visit(*type, name_space);
    }
  }

  std::vector<TypeDefinition>& found_;
};

}  // namespace

std::vector<TypeDefinition> find_type_definitions(const json::Value& schema) {
  std::vector<TypeDefinition> found;
  Finder(found).visit(schema, "");
  return found;
}

}  // namespace omashu::provision
