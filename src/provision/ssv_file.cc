#include "provision/ssv_file.h"
#include "base/shown.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include "avro/compatibility.h"
#include "base/counted.h"
#include "base/duration.h"
#include "base/nearest.h"
#include "base/topic_configs.h"
#include "base/topic_name.h"
#include "base/utf8.h"
#include "provision/setting_value.h"

namespace omashu::provision {

namespace {

constexpr size_t kColumns = 7;
constexpr auto kColumnNames =
    std::to_array<std::string_view>({"topic_name", "partitions", "replication_factor", "schema_file", "has_key_schema",
                                     "cleanup_policy", "make_it_topic"});
static_assert(kColumnNames.size() == kColumns);

// A file beyond these is no list of topics; Kafka itself gives up long before.
constexpr size_t kMaxBytes = 16 << 20;
constexpr size_t kMaxRows = 100'000;

struct Field {
  std::string_view text;
  TextPosition position;
};

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::vector<Field> split_fields(std::string_view line, size_t line_number) {
  std::vector<Field> fields;
  size_t at = 0;
  while (true) {
    while (at < line.size() && is_space(line[at])) ++at;
    if (at == line.size() || line[at] == '#') return fields;
    const size_t start = at;
    while (at < line.size() && !is_space(line[at])) ++at;
    fields.push_back({line.substr(start, at - start), {line_number, start + 1}});
  }
}

std::optional<bool> parse_boolean(std::string_view text) {
  std::string word(text);
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (word == "true" || word == "1" || word == "yes") return true;
  if (word == "false" || word == "0" || word == "no") return false;
  return std::nullopt;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Relative, and without a way out of the folder of the schemas: a description of topics that came from elsewhere must
// not be able to publish other files of the machine.
std::optional<std::string> schema_file_problem(std::string_view path) {
  if (path == kNoSchema) return std::nullopt;
  if (path.starts_with('/')) {
    return fmt::format("schema_file {} is an absolute path: name a file beside this one, or give --schemas DIR",
                       shown(path));
  }
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    if (path.substr(start, end - start) == "..") {
      return fmt::format("schema_file {} leaves the folder of the schemas: give --schemas DIR instead", shown(path));
    }
    start = end + 1;
  }
  return std::nullopt;
}

// Reads the fields of one row; every mistake of the row is noted, not the first alone.
class RowReader {
 public:
  RowReader(const std::string& file, std::vector<Mistake>& mistakes) : file_(file), mistakes_(mistakes) {}

  std::optional<SsvRow> read(const std::vector<Field>& fields) {
    const size_t before = mistakes_.size();
    if (fields.size() < kColumns) {
      note(fields.back().position, fmt::format("{}, expected {}: {} is missing", counted(fields.size(), "column"),
                                               kColumns, missing_columns(fields)));
      return std::nullopt;
    }
    SsvRow row;
    row.topic_name = text(fields[0], topic_name_problem(fields[0].text));
    row.partitions = count(fields[1], "partitions", std::numeric_limits<int32_t>::max());
    row.replication_factor = count(fields[2], "replication_factor", std::numeric_limits<int16_t>::max());
    row.schema_file = text(fields[3], schema_file_problem(fields[3].text));
    row.has_key_schema = boolean(fields[4], "has_key_schema");
    row.cleanup_policy = text(fields[5], policy_problem(fields[5].text));
    row.make_it_topic = boolean(fields[6], "make_it_topic");
    read_configs(fields, row);
    row.is_right = mistakes_.size() == before;
    return row;
  }

 private:
  static std::string missing_columns(const std::vector<Field>& fields) {
    std::string names;
    for (size_t i = fields.size(); i < kColumns; ++i) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", kColumnNames[i]);
    }
    return names;
  }

  static std::optional<std::string> policy_problem(std::string_view policy) {
    if (policy.ends_with(',')) {
      return fmt::format("cleanup_policy {} ends in a comma: write compact,delete without a space", shown(policy));
    }
    return topic_config_problem(kCleanupPolicy, policy);
  }

  void note(TextPosition position, std::string message) {
    mistakes_.push_back({{file_, position}, std::move(message)});
  }

  Placed<std::string> text(const Field& field, std::optional<std::string> problem) {
    return text(field.text, field.position, std::move(problem));
  }

  Placed<std::string> text(std::string_view text, TextPosition position, std::optional<std::string> problem) {
    const bool is_right = !problem;
    if (problem) note(position, *std::move(problem));
    return {std::string(text), position, is_right};
  }

  Placed<int> count(const Field& field, std::string_view column, int64_t max) {
    const auto number = parse_integer(field.text);
    if (!number) {
      note(field.position, fmt::format("{} is {}: it must be a whole number", column, shown(field.text)));
    } else if ((*number < 1 && *number != kBrokerDefault) || *number > max) {
      note(field.position,
           fmt::format("{} is {}: it must be from 1 to {}, or -1 for as many as the brokers give topics by themselves",
                       column, *number, max));
    } else {
      return {static_cast<int>(*number), field.position};
    }
    return {0, field.position, false};
  }

  Placed<bool> boolean(const Field& field, std::string_view column) {
    const auto value = parse_boolean(field.text);
    if (!value) {
      note(field.position,
           fmt::format("{} is {}: it must be true or false (1, 0, yes and no do as well)", column, shown(field.text)));
    }
    return {value.value_or(false), field.position, value.has_value()};
  }

  void read_configs(const std::vector<Field>& fields, SsvRow& row) {
    std::set<std::string_view> seen;
    for (size_t i = kColumns; i < fields.size(); ++i) {
      const auto& [field, position] = fields[i];
      const size_t equals = field.find('=');
      if (equals == std::string_view::npos || equals == 0) {
        note(position, fmt::format("{} after the {} columns: only topic settings may follow, as key=value",
                                   shown(field), kColumns));
        continue;
      }
      const std::string_view name = field.substr(0, equals);
      const std::string_view value = field.substr(equals + 1);
      if (name == kCleanupPolicy) {
        note(position, "cleanup.policy has a column of its own: the sixth");
      } else if (!seen.insert(name).second) {
        note(position, fmt::format("the setting {} is given twice", name));
      } else if (name == kCompatibility) {
        row.compatibility = text(value, position, compatibility_problem(row, value));
      } else if (name == kIndex) {
        row.index = text(value, position, index_problem(row, value));
      } else if (name == kBoard) {
        row.board = text(value, position, board_problem(row, value));
      } else if (name == kTimeToLive) {
        row.ttl = text(value, position, ttl_problem(row, value));
      } else if (name.starts_with(kReferencePrefix)) {
        read_reference(name, value, position, row);
      } else {
        SettingValue setting = read_setting(name, value);
        if (setting.problem) note(position, *std::move(setting.problem));
        row.configs.emplace_back(name, Placed{std::move(setting.value), position});
      }
    }
  }

  void read_reference(std::string_view name, std::string_view value, TextPosition position, SsvRow& row) {
    const auto version = parse_integer(value);
    const std::string_view subject = name.substr(kReferencePrefix.size());
    if (subject.empty() || !version || *version < 1 || *version > std::numeric_limits<int32_t>::max()) {
      note(position,
           fmt::format("{}={}: write {}SUBJECT=VERSION, with a version from 1 on", name, value, kReferencePrefix));
    } else {
      row.pinned_references[std::string(subject)] = {static_cast<int>(*version), position};
    }
  }

  // A table has the latest value of each key, which a topic that is not compacted does not keep.
  static std::optional<std::string> table_problem(const SsvRow& row, std::string_view name) {
    if (row.cleanup_policy.is_right && !row.cleanup_policy.value.contains("compact")) {
      return fmt::format("{} is of the table that a compacted topic makes, and cleanup_policy is {}", name,
                         row.cleanup_policy.value);
    }
    if (row.make_it_topic.is_right && !row.make_it_topic.value) {
      return fmt::format("{} is of the table that a topic makes, and the row makes no topic", name);
    }
    return std::nullopt;
  }

  static std::optional<std::string> index_problem(const SsvRow& row, std::string_view fields) {
    return fields_problem(row, kIndex, fields);
  }

  static std::optional<std::string> board_problem(const SsvRow& row, std::string_view fields) {
    if (auto problem = fields_problem(row, kBoard, fields)) return problem;
    const auto count = static_cast<size_t>(std::ranges::count(fields, ',')) + 1;
    if (count <= kBoardFields) return std::nullopt;
    return fmt::format("board has {} fields, and there are {}: state, progress, total, time of the last change, reason",
                       count, kBoardFields);
  }

  static std::optional<std::string> fields_problem(const SsvRow& row, std::string_view name, std::string_view fields) {
    if (auto problem = table_problem(row, name)) return problem;
    std::set<std::string_view> seen;
    for (size_t start = 0; start <= fields.size();) {
      const size_t end = std::min(fields.find(',', start), fields.size());
      const std::string_view field = fields.substr(start, end - start);
      if (field.empty()) return fmt::format("{0} is {1}: write {0}=FIELD or {0}=FIELD,FIELD", name, shown(fields));
      const bool is_left_out = name == kBoard && field == kNoBoardField;
      if (!is_left_out && !seen.insert(field).second) return fmt::format("{} names {} twice", name, shown(field));
      start = end + 1;
    }
    return std::nullopt;
  }

  static std::optional<std::string> ttl_problem(const SsvRow& row, std::string_view ttl) {
    if (auto problem = table_problem(row, kTimeToLive)) return problem;
    const size_t comma = std::min(ttl.find(','), ttl.size());
    const auto duration = parse_duration(ttl.substr(0, comma));
    if (!duration) return fmt::format("ttl is {}: {}", shown(ttl), duration.error().message);
    if (comma < ttl.size() && comma + 1 == ttl.size()) return "ttl ends in a comma: write ttl=7d or ttl=7d,FIELD";
    return std::nullopt;
  }

  static std::optional<std::string> compatibility_problem(const SsvRow& row, std::string_view level) {
    if (row.schema_file.value == kNoSchema && row.has_key_schema.is_right && !row.has_key_schema.value) {
      return "compatibility is a level of the row's subjects, and the row has no schema";
    }
    if (avro::parse_compatibility_level(level)) return std::nullopt;
    const std::vector<std::string> levels = {
        "NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"};
    return fmt::format("compatibility is {}: it must be one of {}{}", shown(level), fmt::join(levels, ", "),
                       did_you_mean(level, levels));
  }

  const std::string& file_;
  std::vector<Mistake>& mistakes_;
};

bool is_header(const std::vector<Field>& fields) {
  return fields.front().text == kColumnNames.front() && (fields.size() < 2 || !parse_integer(fields[1].text));
}

void check_header(const std::vector<Field>& fields, const std::string& file, std::vector<Mistake>& mistakes) {
  for (size_t i = 0; i < kColumns; ++i) {
    if (i >= fields.size()) {
      mistakes.push_back(
          {{file, fields.back().position}, fmt::format("the header ends here: the columns are {}", kHeader)});
      return;
    }
    if (fields[i].text != kColumnNames[i]) {
      mistakes.push_back(
          {{file, fields[i].position},
           fmt::format("column {} is called {}: it must be {}", i + 1, shown(fields[i].text), kColumnNames[i])});
      return;
    }
  }
}

// A control byte or bad UTF-8 in a line, where there is one: such a file was not meant to be read as text.
std::optional<size_t> find_bad_byte(std::string_view line) {
  for (size_t at = 0; at < line.size();) {
    const auto c = static_cast<unsigned char>(line[at]);
    const size_t length = utf8_character_length(line.substr(at));
    if (length == 0 || (c < 0x20 && c != '\t') || c == 0x7f) return at;
    at += length;
  }
  return std::nullopt;
}

}  // namespace

SsvFile parse_ssv(std::string_view text, const std::string& file) {
  SsvFile result;
  const auto note = [&](TextPosition position, std::string message) {
    result.mistakes.push_back({{file, position}, std::move(message)});
  };
  if (text.size() > kMaxBytes) {
    note({}, fmt::format("the file has {} bytes: at most {} are read", text.size(), kMaxBytes));
    return result;
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  RowReader reader(file, result.mistakes);
  bool may_be_header = true;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto bad = find_bad_byte(line)) {
      note({number, *bad + 1}, fmt::format("the byte 0x{:02x} is not text: the file must be UTF-8",
                                           static_cast<unsigned char>(line[*bad])));
      continue;
    }
    const std::vector<Field> fields = split_fields(line, number);
    if (fields.empty()) continue;
    if (may_be_header && is_header(fields)) {
      check_header(fields, file, result.mistakes);
    } else if (result.rows.size() == kMaxRows) {
      note(fields.front().position, fmt::format("more than {} rows", kMaxRows));
      return result;
    } else if (auto row = reader.read(fields)) {
      result.rows.push_back(*std::move(row));
    }
    may_be_header = false;
  }
  return result;
}

}  // namespace omashu::provision
