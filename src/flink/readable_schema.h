// What Flink's avro-confluent format can read of an Avro schema, and as which SQL types.
//
// The format is told the schema to read with (`avro-confluent.schema`), and Avro's own resolution does the rest: a
// field that this schema does not have is passed over, and a logical type that it does not have is the type below it.
// So what Flink has no type for is left out, or read as a number or as bytes, and the other columns are read all the
// same. Flink compares the columns with that schema by its own rules; the types here follow them, nullability included.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "avro/schema.h"

namespace omashu::flink {

// A remark about a field, by its path: "source.size", "is left out: …".
struct FieldNote {
  std::string path;
  std::string text;
  bool is_left_out = false;
};

// A union of null and one other type is that type, nullable; a union of one type is it. Nothing for other unions.
struct Branch {
  const avro::Node* type = nullptr;
  bool is_nullable = false;
};
std::optional<Branch> readable_branch(const avro::Node& type);

class ReadableSchema {
 public:
  // `root` must outlive it.
  explicit ReadableSchema(const avro::Node& root);

  // Why its values cannot be rows; "" where they can. All else is for schemas without a problem.
  const std::string& problem() const { return problem_; }

  // Of the root, those that can be read.
  std::vector<const avro::Field*> fields() const { return fields_of(root_); }

  // "STRING NOT NULL", "ROW<`url` STRING NOT NULL> NOT NULL".
  std::string sql_type(const avro::Node& type) const;

  // The fields of a record of this schema that can be read.
  std::vector<const avro::Field*> fields_of(const avro::Node& record) const;

  // The schema to read with, as compact JSON that needs no other schema.
  std::string reader_schema() const;

  // What is left out, and what is read as another type than the schema's logical type says.
  std::vector<FieldNote> notes() const;

 private:
  struct Judgement {
    std::string problem;  // why the type has no SQL type; "" where it has one
    size_t size = 1;      // of the SQL type, in fields
  };

  // What Tarjan's search for the cycles of a graph notes of each record.
  struct Visit {
    size_t number = 0;
    size_t lowest = 0;
    bool is_open = true;
    size_t cycle = 0;  // records with the same number contain each other
  };

  size_t find_cycles(const avro::Node& record, size_t depth);
  bool contains_itself(const avro::Node& record, const avro::Field& field) const;
  const Judgement& judge(const avro::Node& type);
  Judgement judgement_of(const avro::Node& type);
  std::string problem_of(const avro::Node& record, const avro::Field& field) const;
  void add_notes(const avro::Node& type, const std::string& path, std::vector<FieldNote>& notes) const;

  const avro::Node& root_;
  std::string problem_;
  std::unordered_map<const avro::Node*, Visit> visits_;
  std::vector<const avro::Node*> open_;
  std::unordered_map<const avro::Node*, Judgement> judgements_;
};

}  // namespace omashu::flink
