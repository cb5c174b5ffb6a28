// A field's path compiled for a schema: which fields it goes through is found once, and following it in a datum
// compares no names but those of maps.

#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "avro/datum.h"
#include "avro/schema.h"
#include "omashu/result.h"
#include "table/field_path.h"

namespace omashu::table {

class SchemaPath {
 public:
  // Fails where no value of the schema can have the field; the error suggests the nearest name. The schema's graph must
  // outlive the path. With `expands_items`, an array at the path's end means each of its items too.
  static Result<SchemaPath> compile(const FieldPath& path, const avro::Node& schema, bool expands_items = true);

  // The types that a value there can have: those of a union one by one, but for null.
  const std::vector<const avro::Node*>& types() const { return types_; }
  // Whether the value may be null, or the way to it may end early: at a null, or where a map has no such entry.
  bool may_be_null() const { return may_be_null_; }

  // Whether it leads through an array, so that several values may stand there, or none.
  bool leads_to_items() const { return leads_to_items_; }

  // Follows the path; `visit` is given each value that stands there, nothing for one that is null or not there, and
  // returns whether it has seen enough. A path through an array leads to each of its items. True once a visit was.
  template <class Visit>
  bool any(const avro::Datum& root, const Visit& visit) const {
    return follow(root, 0, visit);
  }

 private:
  struct Step {
    FieldPath::Step step;
    std::vector<std::pair<const avro::Node*, size_t>> fields;  // of the records that the path goes through: the index
  };

  template <class Visit>
  bool follow(const avro::Datum& at, size_t depth, const Visit& visit) const;
  void collect(const avro::Node& type, size_t depth, std::optional<Error>& unknown, bool& is_known);

  std::vector<Step> steps_;
  bool expands_items_ = true;
  std::vector<const avro::Node*> types_;
  bool may_be_null_ = false;
  bool leads_to_items_ = false;
};

template <class Visit>
bool SchemaPath::follow(const avro::Datum& at, size_t depth, const Visit& visit) const {
  const avro::Node& type = at.type();
  if (type.type == avro::Type::kNull) return visit(std::nullopt);
  const bool is_end = depth == steps_.size();
  if (type.type == avro::Type::kArray && (is_end ? expands_items_ : !steps_[depth].step.index)) {
    for (size_t i = 0; i < at.size(); ++i) {
      if (follow(at.item(i), depth, visit)) return true;
    }
    return false;
  }
  if (is_end) return visit(std::optional(at));
  const Step& step = steps_[depth];
  switch (type.type) {
    case avro::Type::kRecord:
      for (const auto& [record, index] : step.fields) {
        if (record == &type) return follow(at.field(index), depth + 1, visit);
      }
      return visit(std::nullopt);
    case avro::Type::kMap: {
      if (step.step.index) return visit(std::nullopt);
      const auto entry = at.find(step.step.name);
      return entry ? follow(*entry, depth + 1, visit) : visit(std::nullopt);
    }
    case avro::Type::kArray:
      if (*step.step.index >= at.size()) return visit(std::nullopt);
      return follow(at.item(*step.step.index), depth + 1, visit);
    default: return visit(std::nullopt);
  }
}

}  // namespace omashu::table
