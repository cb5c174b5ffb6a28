#include "provision/references.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "avro/type_advice.h"
#include "base/nearest.h"

namespace omashu::provision {

namespace {

struct Definition {
  size_t file = 0;
  int rank = 0;  // the lower, the more it is what is meant
  std::string_view text;
};

using Definitions = std::map<std::string_view, std::vector<Definition>>;

Definitions collect_definitions(std::span<const LinkCandidate> files) {
  Definitions definitions;
  for (size_t i = 0; i < files.size(); ++i) {
    for (const SchemaFile::Definition& definition : files[i].file->definitions) {
      const bool is_root = definition.full_name == files[i].file->root_name;
      const int rank = !is_root ? 2 : files[i].is_shared_type ? 0 : 1;
      definitions[definition.full_name].push_back({i, rank, definition.text});
    }
  }
  for (auto& [name, found] : definitions) std::ranges::stable_sort(found, {}, &Definition::rank);
  return definitions;
}

class Linker {
 public:
  Linker(std::span<const LinkCandidate> files, std::vector<Mistake>& mistakes)
      : files_(files), mistakes_(mistakes), definitions_(collect_definitions(files)) {}

  std::vector<LinkedSchema> link() {
    std::vector<LinkedSchema> linked(files_.size());
    for (size_t i = 0; i < files_.size(); ++i) {
      for (const avro::UnresolvedName& use : files_[i].file->uses) linked[i].links.push_back(resolve(i, use));
    }
    set_levels(linked);
    return linked;
  }

 private:
  Link resolve(size_t user, const avro::UnresolvedName& use) {
    Link link{use.full_name, use.fallback_name, use.position, std::nullopt, {}};
    for (const std::string& name : {use.full_name, use.fallback_name}) {
      const auto found = name.empty() ? definitions_.end() : definitions_.find(name);
      if (found == definitions_.end()) continue;
      const std::vector<Definition>& choices = found->second;
      link.type_name = name;
      link.fallback_name.clear();
      link.target = choices.front().file;
      for (const Definition& other : choices) {
        if (other.rank != choices.front().rank || other.text == choices.front().text) continue;
        note(user, use.position,
             fmt::format("the type {} is defined by both {} and {}, and differently: keep one of the definitions", name,
                         path(choices.front().file), path(other.file)));
        break;
      }
      break;
    }
    if (!link.target) advise(user, link);
    return link;
  }

  void advise(size_t user, Link& link) {
    const std::string& written = link.fallback_name.empty() ? link.type_name : link.fallback_name;
    if (const auto advice = avro::builtin_type_advice(written)) {
      note(user, link.position, fmt::format("unknown type {}: {}", written, *advice));
      return;
    }
    std::vector<std::string> names;  // the full ones first, and then those without their namespace
    for (const auto& [name, found] : definitions_) names.emplace_back(name);
    auto meant = nearest(link.type_name, names);
    if (!meant) {
      const size_t count = names.size();
      for (size_t i = 0; i < count; ++i) names.push_back(names[i].substr(names[i].rfind('.') + 1));
      const auto bare = nearest(link.type_name.substr(link.type_name.rfind('.') + 1), std::span(names).subspan(count));
      if (!bare) return;
      meant = names[static_cast<size_t>(std::ranges::find(names.begin() + count, names.end(), *bare) - names.begin()) -
                    count];
    }
    link.advice = fmt::format(": did you mean {}, of {}?", *meant, path(definitions_.at(*meant).front().file));
  }

  // Kahn's algorithm: what needs nothing first, then what needs only that, and so on. What is left over hangs on a
  // cycle.
  void set_levels(std::vector<LinkedSchema>& linked) {
    std::vector<size_t> open_links(linked.size(), 0);
    std::vector<std::vector<size_t>> users(linked.size());
    for (size_t i = 0; i < linked.size(); ++i) {
      for (const Link& link : linked[i].links) {
        if (!link.target) continue;
        users[*link.target].push_back(i);
        ++open_links[i];
      }
    }
    std::vector<size_t> ready;
    for (size_t i = 0; i < linked.size(); ++i) {
      if (open_links[i] == 0) ready.push_back(i);
    }
    for (size_t next = 0; next < ready.size(); ++next) {
      const size_t done = ready[next];
      for (const size_t user : users[done]) {
        linked[user].level = std::max(linked[user].level, linked[done].level + 1);
        if (--open_links[user] == 0) ready.push_back(user);
      }
    }
    if (ready.size() < linked.size()) report_cycles(linked, open_links);
  }

  // Every file that is left over needs another one that is left over: walking on meets a file twice.
  void report_cycles(const std::vector<LinkedSchema>& linked, const std::vector<size_t>& open_links) {
    constexpr size_t kUnseen = 0;
    std::vector<size_t> walk_of(linked.size(), kUnseen);
    for (size_t start = 0; start < linked.size(); ++start) {
      std::vector<size_t> path;
      size_t at = start;
      while (open_links[at] != 0 && walk_of[at] == kUnseen) {
        walk_of[at] = start + 1;
        path.push_back(at);
        at = next_in_cycle(linked[at], open_links)->target.value();
      }
      if (path.empty() || walk_of[at] != start + 1) continue;
      path.erase(path.begin(), std::ranges::find(path, at));
      report_cycle(linked, open_links, path);
    }
  }

  static const Link* next_in_cycle(const LinkedSchema& schema, const std::vector<size_t>& open_links) {
    const auto found = std::ranges::find_if(
        schema.links, [&](const Link& link) { return link.target && open_links[*link.target] != 0; });
    return &*found;
  }

  void report_cycle(const std::vector<LinkedSchema>& linked, const std::vector<size_t>& open_links,
                    const std::vector<size_t>& cycle) {
    std::string text;
    for (const size_t file : cycle) text += fmt::format("{} → ", path(file));
    note(cycle.front(), next_in_cycle(linked[cycle.front()], open_links)->position,
         fmt::format("the schemas refer to each other in a cycle: {}{}; a registry needs one of them first, so define "
                     "types that need each other in one file",
                     text, path(cycle.front())));
  }

  const std::string& path(size_t file) const { return files_[file].file->path; }

  void note(size_t file, TextPosition position, std::string message) {
    mistakes_.push_back({{path(file), position}, std::move(message)});
  }

  std::span<const LinkCandidate> files_;
  std::vector<Mistake>& mistakes_;
  Definitions definitions_;
};

}  // namespace

std::vector<LinkedSchema> link_schemas(std::span<const LinkCandidate> files, std::vector<Mistake>& mistakes) {
  return Linker(files, mistakes).link();
}

}  // namespace omashu::provision
