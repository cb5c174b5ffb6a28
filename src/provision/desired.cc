#include "provision/desired.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <tuple>
#include <utility>

#include "avro/transitions.h"
#include "provision/rows.h"
#include "provision/ssv_file.h"
#include "provision/table_field.h"

namespace omashu::provision {

namespace {

std::string folder_of(const Source& source) {
  if (!source.schemas_dir.empty()) return source.schemas_dir;
  return std::filesystem::path(source.file).parent_path().string();
}

// Reads each schema file once, however many rows name it.
class SchemaLoader {
 public:
  SchemaLoader(const Source& source, const ReadFile& read, Findings& findings)
      : folder_(folder_of(source)), read_(read), findings_(findings) {}

  // Into files(); nothing where the file is missing. That it is, every row that names it is told.
  std::optional<size_t> load(const SchemaRequest& request) {
    const auto [found, is_new] = entries_.try_emplace(request.file);
    Entry& entry = found->second;
    if (is_new) read(request.file, entry);
    if (!entry.problem.empty()) {
      findings_.mistakes.push_back(
          {request.place, entry.problem + (request.is_key ? " (has_key_schema asks for it)" : "")});
    }
    return entry.index;
  }

  std::vector<SchemaFile>& files() { return files_; }

 private:
  struct Entry {
    std::optional<size_t> index;
    std::string problem;  // why it cannot be read
  };

  void read(const std::string& file, Entry& entry) {
    const std::string path = (std::filesystem::path(folder_) / file).string();
    auto text = read_(path);
    if (!text) {
      entry.problem = text.error().message;
    } else {
      entry.index = files_.size();
      files_.push_back(parse_schema_file(path, *text));
    }
  }

  std::string folder_;
  const ReadFile& read_;
  Findings& findings_;
  std::map<std::string, Entry> entries_;
  std::vector<SchemaFile> files_;
};

class Builder {
 public:
  Builder(const Source& source, const ReadFile& read) : source_(source), read_(read) {}

  LoadedDesired build(const SsvFile& ssv) {
    desired_.file = source_.file;
    findings_.mistakes = ssv.mistakes;
    if (ssv.rows.empty() && ssv.mistakes.empty()) {
      findings_.warnings.push_back({{source_.file, {}}, "the file names no topic"});
    }
    desired_.topics = collect_topics(ssv, source_.file, source_.strategy, findings_);
    for (const SsvRow& row : ssv.rows) desired_.named_topics.insert(row.topic_name.value);
    SchemaLoader loader(source_, read_, findings_);
    for (const SchemaRequest& request : collect_schema_requests(ssv, source_.file)) {
      const auto file = loader.load(request);
      if (!file) continue;
      add_subject(request, *file, loader.files()[*file]);
      pin_references(request, *file);
    }
    link(std::move(loader.files()));
    parse_in_order();
    check_table_fields();
    auto& [mistakes, warnings] = findings_;
    if (source_.is_strict) std::ranges::move(std::exchange(warnings, {}), std::back_inserter(mistakes));
    sort(mistakes);
    sort(warnings);
    desired_.warnings = std::move(warnings);
    return {std::move(desired_), std::move(mistakes)};
  }

 private:
  void add_subject(const SchemaRequest& request, size_t file, const SchemaFile& schema) {
    resize(file + 1);
    if (source_.strategy != serde::SubjectNameStrategy::kTopicName && schema.root_name.empty()) {
      note(request.place, fmt::format("{} defines no named type, which {} needs: make it a record", schema.path,
                                      serde::subject_name_strategy_name(source_.strategy)));
      return;
    }
    const auto part = request.is_key ? serde::RecordPart::kKey : serde::RecordPart::kValue;
    const std::string name = serde::subject_name(source_.strategy, request.topic, part, schema.root_name);
    const auto [known, is_new] = subject_index_.emplace(name, desired_.subjects.size());
    if (is_new) {
      desired_.subjects.push_back({name, file, request.place, level_of(request)});
    } else if (const DesiredSubject& other = desired_.subjects[known->second]; other.schema != file) {
      // Under Kafka's own naming, the rows of one topic have already been told to contradict each other.
      if (source_.strategy != serde::SubjectNameStrategy::kTopicName) {
        note(request.place, fmt::format("subject {} would get this schema and the one of line {}: keep one of them",
                                        name, other.place.position.line));
      }
      return;
    } else if (const auto level = level_of(request)) {
      std::optional<std::string>& wanted = desired_.subjects[known->second].compatibility;
      if (wanted && *wanted != *level) {
        note({source_.file, request.compatibility->position},
             fmt::format("subject {} would get the compatibility levels {} and {} (line {}): keep one of them", name,
                         *level, *wanted, desired_.subjects[known->second].place.position.line));
      }
      wanted = level;
    }
    desired_.schema_uses.push_back({request.topic, request.is_key, known->second});
    // A shared type's own row names the subject by which it is referred to, wherever it stands.
    if (!primary_[file] || (request.is_shared_type && !is_shared_[file])) primary_[file] = known->second;
    is_shared_[file] = is_shared_[file] || request.is_shared_type;
  }

  void pin_references(const SchemaRequest& request, size_t file) {
    const auto [first, is_new] = pinned_.emplace(file, request.pinned_references);
    if (is_new || first->second == request.pinned_references) return;
    note(request.place, fmt::format("{} is named by another row too, which pins other references: keep one of the rows",
                                    request.file));
  }

  static std::optional<std::string> level_of(const SchemaRequest& request) {
    if (!request.compatibility) return std::nullopt;
    return request.compatibility->value;
  }

  void resize(size_t files) {
    primary_.resize(std::max(primary_.size(), files));
    is_shared_.resize(primary_.size());
  }

  void link(std::vector<SchemaFile> files) {
    resize(files.size());
    std::vector<LinkCandidate> candidates;
    for (size_t i = 0; i < files.size(); ++i) candidates.push_back({&files[i], is_shared_[i]});
    std::vector<LinkedSchema> linked = link_schemas(candidates, findings_.mistakes);

    std::vector<size_t> order(files.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](size_t i) { return linked[i].level; });
    std::vector<size_t> position(files.size());
    for (size_t i = 0; i < order.size(); ++i) position[order[i]] = i;
    for (const size_t i : order) {
      for (Link& link : linked[i].links) {
        if (link.target) link.target = position[*link.target];
      }
      desired_.schemas.push_back({.file = std::move(files[i]),
                                  .links = std::move(linked[i].links),
                                  .level = linked[i].level,
                                  .schema = std::nullopt,
                                  .subject = primary_[i].value_or(0),
                                  .pinned_references = pinned_[i]});
    }
    for (DesiredSubject& subject : desired_.subjects) subject.schema = position[subject.schema];
  }

  // A schema waits for the plan where one of its types, or of those that it refers to, is in the registry alone: until
  // then only what does not depend on them is judged. One that hangs on a mistake is left out.
  void parse_in_order() {
    for (DesiredSchema& schema : desired_.schemas) {
      std::vector<avro::Schema> references;
      bool is_complete = schema.pinned_references.empty();
      for (const Link& link : schema.links) {
        if (link.target && desired_.schemas[*link.target].schema) {
          references.push_back(*desired_.schemas[*link.target].schema);
        } else {
          is_complete = false;
        }
      }
      note_all(schema.file, schema.file.warnings, findings_.warnings);
      if (!is_complete) {
        note_all(schema.file, schema.file.mistakes, findings_.mistakes);
      } else if (auto parsed = avro::Schema::parse(schema.file.text, {.references = references})) {
        note_all(schema.file, avro::find_transition_mistakes(*parsed, schema.file.text), findings_.mistakes);
        schema.schema = *std::move(parsed);
      } else {
        note_all(schema.file, avro::find_mistakes(schema.file.text, {.references = references}), findings_.mistakes);
      }
    }
  }

  // The fields of index=, board= and ttl= are there, where the value's schema can be judged already.
  void check_table_fields() {
    for (const DesiredTopic& topic : desired_.topics) {
      const avro::Schema* schema = value_schema_of(topic.name);
      if (schema == nullptr) continue;
      for (const auto& [name, fields] : {std::pair(kIndex, &topic.indexes), {kBoard, &topic.board}}) {
        for (const std::string& field : *fields) {
          if (name == kBoard && field == kNoBoardField) continue;
          if (auto problem = field_problem(schema->root(), field)) {
            note(topic.places.at(std::string(name)), fmt::format("{}={}: {}", name, field, *problem));
          }
        }
      }
      const size_t comma = topic.ttl ? topic.ttl->find(',') : std::string::npos;
      if (comma == std::string::npos) continue;
      if (auto problem = field_problem(schema->root(), topic.ttl->substr(comma + 1))) {
        note(topic.places.at(std::string(kTimeToLive)), fmt::format("{}={}: {}", kTimeToLive, *topic.ttl, *problem));
      }
    }
  }

  const avro::Schema* value_schema_of(const std::string& topic) const {
    const auto use = std::ranges::find_if(desired_.schema_uses,
                                          [&](const SchemaUse& one) { return one.topic == topic && !one.is_key; });
    if (use == desired_.schema_uses.end()) return nullptr;
    const auto& schema = desired_.schemas[desired_.subjects[use->subject].schema].schema;
    return schema ? &*schema : nullptr;
  }

  // The list of topics first, then the schema files by name.
  void sort(std::vector<Mistake>& list) {
    std::ranges::stable_sort(list, {}, [&](const Mistake& mistake) {
      return std::tuple(mistake.place.file != source_.file, mistake.place.file, mistake.place.position.line,
                        mistake.place.position.column);
    });
  }

  static void note_all(const SchemaFile& file, const std::vector<Error>& errors, std::vector<Mistake>& list) {
    for (const Error& error : errors) {
      list.push_back({{file.path, error.position.value_or(TextPosition{})}, error.message});
    }
  }

  void note(Place place, std::string message) { findings_.mistakes.push_back({std::move(place), std::move(message)}); }

  const Source& source_;
  const ReadFile& read_;
  Desired desired_;
  Findings findings_;
  std::map<std::string, size_t> subject_index_;
  std::vector<std::optional<size_t>> primary_;  // by schema file, as loaded: its subject in references
  std::vector<bool> is_shared_;
  std::map<size_t, std::map<std::string, int>> pinned_;  // by schema file, as loaded
};

}  // namespace

std::string foreign_type_text(const DesiredSchema& schema, const Link& link) {
  return mistake_text(
      {{schema.file.path, link.position},
       fmt::format("note: the type {} is defined by none of the files: it must come from the registry{}",
                   link.type_name, link.advice)});
}

Result<LoadedDesired> load_desired(const Source& source, const ReadFile& read) {
  const auto text = read(source.file);
  if (!text) return fail(text.error());
  return Builder(source, read).build(parse_ssv(*text, source.file));
}

}  // namespace omashu::provision
