#include "flink/readable_schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "flink/reader_schema_text.h"
#include "flink/scalar_type.h"
#include "flink/sql_text.h"

namespace omashu::flink {

namespace {

using avro::Node;
using avro::Type;

// Deeper than people nest records; the searches below are recursive.
constexpr size_t kMaxDepth = 200;

// Records that are used in several places are written out in each of them, so a small schema can be a huge SQL type.
constexpr size_t kMaxFields = 2000;

// The record that values of the type hold, however deep in arrays, maps and readable unions; null where they hold none.
const Node* record_in(const Node& type) {
  const Node* at = &type;
  while (at->type == Type::kArray || at->type == Type::kMap || at->type == Type::kUnion) {
    if (at->type == Type::kUnion) {
      const auto branch = readable_branch(*at);
      if (!branch) return nullptr;
      at = branch->type;
    } else {
      at = at->items;
    }
  }
  return at->type == Type::kRecord ? at : nullptr;
}

std::string union_text(const Node& type) {
  constexpr size_t kMaxShown = 5;
  std::string text;
  for (size_t i = 0; i < type.branches.size() && i < kMaxShown; ++i) {
    const Node& branch = *type.branches[i];
    if (i > 0) text += ", ";
    text += branch.is_named() ? branch.full_name : std::string(type_name(branch.type));
  }
  return type.branches.size() > kMaxShown ? text + ", …" : text;
}

}  // namespace

std::optional<Branch> readable_branch(const Node& type) {
  if (type.branches.size() == 1) return Branch{type.branches[0], false};
  if (type.branches.size() != 2) return std::nullopt;
  if (type.branches[0]->type == Type::kNull) return Branch{type.branches[1], true};
  if (type.branches[1]->type == Type::kNull) return Branch{type.branches[0], true};
  return std::nullopt;
}

ReadableSchema::ReadableSchema(const Node& root) : root_(root) {
  if (root.type != Type::kRecord) {
    problem_ = fmt::format("its schema is {}, and Flink makes rows of records alone",
                           root.is_named() ? root.full_name : std::string(type_name(root.type)));
    return;
  }
  find_cycles(root, 0);
  if (!problem_.empty()) return;
  problem_ = judge(root).problem;
}

size_t ReadableSchema::find_cycles(const Node& record, size_t depth) {
  if (depth > kMaxDepth) {
    problem_ = fmt::format("its records are nested deeper than {} levels", kMaxDepth);
    return 0;
  }
  const size_t number = visits_.size() + 1;
  visits_[&record] = {.number = number, .lowest = number};
  open_.push_back(&record);
  size_t lowest = number;
  for (const avro::Field& field : record.fields) {
    const Node* inner = record_in(*field.type);
    if (inner == nullptr) continue;
    const auto met = visits_.find(inner);
    if (met == visits_.end()) {
      lowest = std::min(lowest, find_cycles(*inner, depth + 1));
    } else if (met->second.is_open) {
      lowest = std::min(lowest, met->second.number);
    }
    if (!problem_.empty()) return 0;
  }
  visits_[&record].lowest = lowest;
  if (lowest != number) return lowest;
  const Node* closed = nullptr;
  do {
    closed = open_.back();
    open_.pop_back();
    visits_[closed].is_open = false;
    visits_[closed].cycle = number;
  } while (closed != &record);
  return lowest;
}

bool ReadableSchema::contains_itself(const Node& record, const avro::Field& field) const {
  const Node* inner = record_in(*field.type);
  return inner != nullptr && visits_.at(inner).cycle == visits_.at(&record).cycle;
}

const ReadableSchema::Judgement& ReadableSchema::judge(const Node& type) {
  if (const auto known = judgements_.find(&type); known != judgements_.end()) return known->second;
  Judgement judgement = judgement_of(type);
  return judgements_[&type] = std::move(judgement);
}

ReadableSchema::Judgement ReadableSchema::judgement_of(const Node& type) {
  Judgement judgement;
  switch (type.type) {
    case Type::kNull: judgement.problem = "null alone has no SQL type"; break;
    case Type::kFixed:
      if (type.fixed_size == 0) judgement.problem = "no bytes at all have no SQL type";
      break;
    case Type::kArray:
    case Type::kMap:
      judgement = judge(*type.items);
      ++judgement.size;
      break;
    case Type::kUnion:
      if (const auto branch = readable_branch(type)) {
        judgement = judge(*branch->type);
      } else {
        judgement.problem = fmt::format("the union [{}] has no SQL type", union_text(type));
      }
      break;
    case Type::kRecord:
      for (const avro::Field& field : type.fields) {
        // Records that contain themselves are told from the others first, so this comes to an end.
        if (contains_itself(type, field)) continue;
        const Judgement& inner = judge(*field.type);
        if (inner.problem.empty() && inner.size <= kMaxFields) judgement.size += inner.size;
      }
      if (judgement.size == 1) judgement.problem = fmt::format("{} has no field that can be read", type.full_name);
      break;
    default: break;
  }
  return judgement;
}

std::string ReadableSchema::problem_of(const Node& record, const avro::Field& field) const {
  if (contains_itself(record, field)) {
    return fmt::format("{} contains itself, and SQL has no such type", record_in(*field.type)->full_name);
  }
  const Judgement& judgement = judgements_.at(field.type);
  if (!judgement.problem.empty()) return judgement.problem;
  if (judgement.size > kMaxFields) return fmt::format("its type has more than {} fields", kMaxFields);
  return "";
}

std::vector<const avro::Field*> ReadableSchema::fields_of(const Node& record) const {
  std::vector<const avro::Field*> fields;
  for (const avro::Field& field : record.fields) {
    if (problem_of(record, field).empty()) fields.push_back(&field);
  }
  return fields;
}

std::string ReadableSchema::sql_type(const Node& type) const {
  switch (type.type) {
    case Type::kUnion: {
      const auto branch = readable_branch(type);
      std::string sql = sql_type(*branch->type);
      constexpr std::string_view kNotNull = " NOT NULL";
      if (branch->is_nullable && sql.ends_with(kNotNull)) sql.resize(sql.size() - kNotNull.size());
      return sql;
    }
    case Type::kArray: return fmt::format("ARRAY<{}> NOT NULL", sql_type(*type.items));
    case Type::kMap: return fmt::format("MAP<STRING NOT NULL, {}> NOT NULL", sql_type(*type.items));
    case Type::kRecord: {
      std::string inner;
      for (const avro::Field* field : fields_of(type)) {
        if (!inner.empty()) inner += ", ";
        inner += sql_name(field->name) + " " + sql_type(*field->type);
      }
      return fmt::format("ROW<{}> NOT NULL", inner);
    }
    default: return scalar_type(type).sql + " NOT NULL";
  }
}

std::string ReadableSchema::reader_schema() const {
  return reader_schema_text(root_, [this](const Node& record) { return fields_of(record); });
}

void ReadableSchema::add_notes(const Node& type, const std::string& path, std::vector<FieldNote>& notes) const {
  constexpr size_t kMaxNotes = 100;  // a record that is used in many places is remarked upon in each
  if (notes.size() >= kMaxNotes) return;
  switch (type.type) {
    case Type::kUnion: return add_notes(*readable_branch(type)->type, path, notes);
    case Type::kArray:
    case Type::kMap: return add_notes(*type.items, path, notes);
    case Type::kRecord:
      for (const avro::Field& field : type.fields) {
        const std::string inner = path.empty() ? field.name : path + "." + field.name;
        const std::string problem = problem_of(type, field);
        if (problem.empty()) {
          add_notes(*field.type, inner, notes);
        } else {
          notes.push_back({inner, "is left out: " + problem, true});
        }
      }
      return;
    default:
      if (const std::string note = scalar_type(type).note; !note.empty()) notes.push_back({path, note, false});
  }
}

std::vector<FieldNote> ReadableSchema::notes() const {
  std::vector<FieldNote> notes;
  add_notes(root_, "", notes);
  return notes;
}

}  // namespace omashu::flink
