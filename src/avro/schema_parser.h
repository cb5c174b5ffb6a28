// From a schema's text to its graph of nodes. Private to this folder.
//
// One pass over the JSON tree, depth first and from left to right, which is the order in which the specification wants
// a name to be defined before it is used. A mistake does not end the walk: what has one becomes a type that is not
// known, with which everything agrees, so that the other mistakes of the text are found too.

#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "avro/schema.h"
#include "avro/schema_graph.h"
#include "base/json.h"

namespace omashu::avro {

class SchemaParser {
 public:
  // The text and the options must outlive the parser.
  SchemaParser(std::string_view text, const ParseOptions& options);

  Result<Schema> parse();

  // Reads the text as if its references provided every name that it does not define.
  SchemaInspection inspect();

  // All that parse() would refuse the text for, in the order of the text.
  std::vector<Error> find_mistakes();

 private:
  struct Mistake {
    size_t offset;
    Error error;  // without its position, but for one of the JSON
  };

  struct Unresolved {
    std::string full_name;
    std::string fallback_name;
    size_t offset;
  };

  // Reads the text into the graph; false where mistakes_ tell why not.
  bool run();
  bool check_size();
  bool add_references();
  bool add_reference(const std::shared_ptr<const Schema::Graph>& graph);

  // Each returns nullptr after it has noted a mistake. `name_space` is the enclosing one.
  const Node* parse_schema(const json::Value& value, std::string_view name_space);
  const Node* parse_object(const json::Value& value, std::string_view name_space);
  // A "recrod" with fields is read as the record that was meant, for the mistakes in it; nullptr where nothing is near.
  const Node* parse_misspelt(const json::Value& value, std::string_view name_space);
  void report_misspelt(const json::Value& value, std::string_view meant);
  const Node* parse_primitive(const json::Value& value, Type type);
  const Node* parse_record(const json::Value& value, std::string_view name_space, bool is_error);
  const Node* parse_enum(const json::Value& value, std::string_view name_space);
  const Node* parse_fixed(const json::Value& value, std::string_view name_space);
  const Node* parse_container(const json::Value& value, std::string_view name_space, Type type);
  const Node* parse_union(const json::Value& value, std::string_view name_space);
  const Node* resolve_name(const json::Value& value, const std::string& name, std::string_view name_space);
  // As parse_schema; in place of nullptr, a type that is not known.
  const Node* parse_part(const json::Value& value, std::string_view name_space);

  bool parse_fields(const json::Value& value, Node& record);
  bool parse_field(const json::Value& value, Field& field, std::string_view name_space);
  bool parse_field_order(const json::Value& value, Field& field);
  bool parse_field_default(const json::Value& value, Field& field);
  bool parse_size(const json::Value& value, Node& node);
  bool parse_symbols(const json::Value& value, Node& node);
  bool parse_aliases(const json::Value& value, std::vector<std::string>& aliases);
  bool qualify_aliases(const json::Value& value, Node& node);

  // Starts a named type: reads its name, doc and aliases, and makes it known by its name.
  Node* define(const json::Value& value, Type type, std::string_view name_space);
  bool read_full_name(const json::Value& value, std::string_view name_space, std::string& full_name);
  const Node* find_type(const std::string& full_name);
  const Node* unresolved_type(size_t offset, const std::string& name, std::string_view name_space);
  void report_unresolved(const Unresolved& unresolved);
  void report_wrong_defaults();
  std::vector<UnresolvedName> take_unresolved_names();
  bool is_full() const { return mistakes_.size() >= max_mistakes_; }
  std::vector<Error> take_mistakes();

  // Primitives without properties are the same node for every schema.
  static const Node* plain_primitive(Type type);
  Node& new_node(Type type);
  std::nullptr_t fail_at(size_t offset, std::string message);
  std::nullptr_t fail_at(const json::Value& value, std::string message);
  // At the attribute that was most likely meant, where there is one.
  std::nullptr_t fail_without(const json::Value& object, std::string_view attribute, std::string message);

  std::string_view text_;
  const ParseOptions& options_;
  std::shared_ptr<Schema::Graph> graph_;
  const Node* root_ = nullptr;
  std::vector<const Node*> records_;  // inner ones before those around them

  std::unordered_map<std::string, Schema> external_;  // what the references define
  std::unordered_set<const Schema::Graph*> seen_references_;
  std::unordered_set<std::string_view> used_external_;
  std::unordered_map<std::string, size_t> definition_offsets_;

  // Names that are not known where they are used: an error, unless they are what is looked for.
  std::vector<Unresolved> unresolved_;
  std::unordered_map<std::string, const Node*> placeholders_;

  std::unordered_set<const Node*> unknown_types_;  // placeholders, and what has a mistake
  std::vector<Mistake> mistakes_;                  // in the order in which they were met
  size_t max_mistakes_ = 1;                        // where the walk ends
};

}  // namespace omashu::avro
