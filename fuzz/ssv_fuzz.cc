// A list of topics, and behind zero bytes the schema texts that its rows get: every mistake has a place in its file and
// is one printable line, a list without one says the same with CRLF and written out again, and so is each finding of
// the lint.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/shown.h"
#include "provision/desired.h"
#include "provision/lint/lint.h"
#include "provision/ssv_file.h"

using namespace omashu;
using namespace omashu::provision;

namespace {

void require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

bool is_one_printable_line(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_mistakes(std::string_view text, const std::vector<Mistake>& mistakes) {
  const size_t lines = 1 + static_cast<size_t>(std::ranges::count(text, '\n'));
  for (const Mistake& mistake : mistakes) {
    require(!mistake.message.empty() && is_one_printable_line(mistake.message), "a strange message", mistake.message);
    require(mistake.place.file != "f" || mistake.place.position.line <= lines, "a place outside",
            mistake_text(mistake));
  }
}

std::string row_text(const SsvRow& row) {
  std::string text = row.topic_name.value + "\t" + std::to_string(row.partitions.value) + " " +
                     std::to_string(row.replication_factor.value) + " " + row.schema_file.value + " " +
                     (row.has_key_schema.value ? "YES" : "0") + " " + row.cleanup_policy.value + " " +
                     (row.make_it_topic.value ? "1" : "no");
  for (const auto& [name, value] : row.configs) text += " " + name + "=" + value.value;
  for (const auto& [subject, version] : row.pinned_references) {
    text += " reference." + subject + "=" + std::to_string(version.value);
  }
  if (row.compatibility) text += " compatibility=" + row.compatibility->value;
  return text;
}

std::string list_text(const SsvFile& file, std::string_view line_end) {
  std::string text(kHeader);
  for (const SsvRow& row : file.rows) text.append(line_end).append(row_text(row));
  return text;
}

void check_list(std::string_view text) {
  const SsvFile file = parse_ssv(text, "f");
  check_mistakes(text, file.mistakes);
  if (!file.mistakes.empty()) return;
  for (const char* line_end : {"\n", "\r\n"}) {
    const std::string written = list_text(file, line_end);
    const SsvFile again = parse_ssv(written, "f");
    require(again.mistakes.empty(), "written out, it has mistakes", written);
    require(list_text(again, line_end) == written, "written out, it changes", written);
  }
}

// Every row's schema is one of the texts, told by the length of its path.
void check_desired(std::string_view list, const std::vector<std::string_view>& schemas) {
  const auto read = [&](const std::string& path) -> Result<std::string> {
    if (path == "f") return std::string(list);
    if (schemas.empty()) return fail(ErrorCode::kNotFound, "cannot read " + omashu::shown(path));
    return std::string(schemas[path.size() % schemas.size()]);
  };
  const auto loaded = load_desired({.file = "f", .schemas_dir = ""}, read);
  require(loaded.has_value(), "the list is not read", std::string(list));
  for (const Mistake& mistake : loaded->mistakes) require(!mistake.message.empty(), "an empty message", "");
  if (!loaded->mistakes.empty()) return;
  const size_t lines = 1 + static_cast<size_t>(std::ranges::count(list, '\n'));
  for (const LintFinding& finding : lint(loaded->desired, list).findings) {
    require(is_one_printable_line(finding.message), "a strange finding", finding.message);
    require(finding.place.position.line <= lines, "a finding outside", finding.message);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> texts;
  while (true) {
    const size_t end = input.find('\0');
    texts.push_back(input.substr(0, end));
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  check_list(texts.front());
  check_desired(texts.front(), {texts.begin() + 1, texts.end()});
  return 0;
}
