#include "layout/layout.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace omashu::layout {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxLines = 600;

// A folder under src/, and the folders beside itself and the public headers that it may include. docs/architecture.md
// has the picture.
const std::map<std::string, std::set<std::string>> kRooms = {
    {"base", {}},
    {"avro", {"base"}},
    {"kafka", {"base"}},
    {"net", {"base"}},
    {"http", {"base", "net"}},
    {"http_client", {"base"}},
    {"schema_registry", {"base", "avro", "kafka", "net", "http", "http_client"}},
    {"serde", {"base", "avro", "schema_registry"}},
    {"provision", {"base", "avro", "serde", "schema_registry", "kafka"}},
    {"table", {"base", "avro", "serde", "schema_registry", "kafka"}},
    {"sink", {"base", "avro", "serde", "schema_registry", "kafka", "table", "http_client"}},
    {"flink", {"base", "avro", "serde", "schema_registry", "kafka", "provision", "sink"}},
    {"inspect", {"base", "avro", "serde", "schema_registry", "kafka", "provision", "table"}},
    {"service",
     {"base", "avro", "kafka", "net", "http", "http_client", "schema_registry", "serde", "provision", "table",
      "inspect"}},
    {"client", {"base", "avro", "serde", "schema_registry", "kafka", "provision", "table", "sink"}},
    {"broker", {"base", "net"}},
    {"cli",
     {"base", "avro", "serde", "schema_registry", "kafka", "provision", "table", "sink", "flink", "inspect", "client",
      "net", "http", "service", "broker"}},
};

// The first part of a third-party header's path, and the only folders in which it may be included. fmt is for all.
const std::map<std::string, std::vector<std::string>> kLibraries = {
    {"librdkafka", {"src/kafka", "bench", "tests/real/clients"}},
    {"curl", {"src/http_client", "src/schema_registry/client", "examples/download-service"}},
    {"CLI", {"src/cli"}},
    {"boost", {"src/net", "src/http", "src/broker/server"}},
    {"rocksdb", {"src/table/store"}},
    {"openssl", {"src/base", "src/net", "src/http"}},
};

// Headers of the system below a folder; those without one (<vector>, <unistd.h>) are known by having none.
const std::set<std::string> kSystemFolders = {"sys", "netinet", "arpa", "linux"};

struct Include {
  std::string header;
  bool quoted = false;
};

std::optional<Include> parse_include(std::string_view line) {
  auto skip_blanks = [&line] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (line.empty() || (line[0] != '"' && line[0] != '<')) return std::nullopt;
  bool quoted = line[0] == '"';
  size_t end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), quoted};
}

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

bool is_within(const std::string& file, const std::string& folder) { return file.starts_with(folder + "/"); }

bool is_test(const std::string& file) {
  return is_within(file, "tests") || file.ends_with("_test.cc") || file.find("/testing/") != std::string::npos;
}

// What is wrong with an include of our own headers in `file` (a path from the root); "" where nothing is.
std::string judge_own(const std::string& file, const std::string& header) {
  std::string folder = first_part(header);
  if (folder == "src" || folder == "include" || header.starts_with(".") || folder == header) {
    return "name a header by its room and file, as in \"avro/schema.h\"";
  }
  if (folder == "omashu") return "";
  if (is_within(file, "include")) return "a public header includes the standard library and omashu/ alone";
  if (!is_within(file, "src")) return "";
  std::string room = first_part(file.substr(4));
  if (folder == room) return "";
  auto allowed = kRooms.find(room);
  if (allowed == kRooms.end()) return fmt::format("src/{} is not in the table of rooms (tests/layout/layout.cc)", room);
  if (allowed->second.contains(folder)) return "";
  return fmt::format(
      "src/{} may include {}", room,
      allowed->second.empty() ? "no other room" : fmt::format("{} alone", fmt::join(allowed->second, ", ")));
}

std::string judge_foreign(const std::string& file, const std::string& header) {
  std::string folder = first_part(header);
  bool is_public = is_within(file, "include");
  if (folder == header) {
    bool is_standard = header.find('.') == std::string::npos;
    return is_public && !is_standard ? "a public header includes the standard library and omashu/ alone" : "";
  }
  if (is_public) return "a public header includes the standard library and omashu/ alone";
  if (header == "fmt/format.h")
    return "take fmt/core.h, which leaves formatting to the library: 4 s less for each file";
  if (folder == "fmt" || kSystemFolders.contains(folder)) return "";
  if (folder == "gtest" || folder == "gmock") return is_test(file) ? "" : "GoogleTest is for tests";
  auto home = kLibraries.find(folder);
  if (home == kLibraries.end())
    return fmt::format("{} is not in the table of libraries (tests/layout/layout.cc)", folder);
  if (std::ranges::any_of(home->second, [&](const std::string& room) { return is_within(file, room); })) return "";
  return fmt::format("{} lives in {} alone", folder, fmt::join(home->second, " and "));
}

void check_file(const fs::path& root, const std::string& file, std::vector<std::string>& breaches) {
  std::ifstream in(root / file);
  std::string line;
  size_t number = 0;
  while (std::getline(in, line)) {
    ++number;
    std::optional<Include> include = parse_include(line);
    if (!include) continue;
    std::string wrong = include->quoted ? judge_own(file, include->header) : judge_foreign(file, include->header);
    if (!wrong.empty()) breaches.push_back(fmt::format("{}:{}: {}: {}", file, number, include->header, wrong));
  }
  if (number > kMaxLines) {
    breaches.push_back(
        fmt::format("{}:{}: more than {} lines: split it where the idea splits", file, number, kMaxLines));
  }
}

}  // namespace

std::vector<std::string> find_breaches(const fs::path& root) {
  std::set<std::string> files;
  for (const char* folder : {"include", "src", "tests", "examples", "fuzz", "bench"}) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      std::string extension = entry.path().extension();
      if (extension == ".cc" || extension == ".h") files.insert(fs::relative(entry.path(), root));
    }
  }
  std::vector<std::string> breaches;
  for (const std::string& file : files) check_file(root, file, breaches);
  if (files.empty()) breaches.push_back(root.string() + ": there are no sources");
  return breaches;
}

}  // namespace omashu::layout
