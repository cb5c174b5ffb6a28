#include <algorithm>
#include <set>
#include <span>

#include "provision/observe_schemas.h"
#include "provision/type_definitions.h"

namespace omashu::provision {

using schema_registry::Client;
using schema_registry::SubjectVersion;

namespace {

class TypeFinder {
 public:
  TypeFinder(const Desired& desired, Client& registry, Observed& observed) : registry_(registry), observed_(observed) {
    for (const DesiredSchema& schema : desired.schemas) {
      for (const Link& link : schema.links) {
        if (link.target) continue;
        wanted_.insert(link.type_name);
        if (!link.fallback_name.empty()) wanted_.insert(link.fallback_name);
      }
    }
    // What a file describes is as the file says: its version in the registry may be on its way out.
    for (const DesiredSubject& subject : desired.subjects) searched_.insert(subject.name);
  }

  Result<void> find() {
    if (wanted_.empty()) return {};
    if (auto searched = search(subjects_referred_to()); !searched) return searched;
    if (is_done()) return {};
    auto subjects = registry_.subjects();
    if (!subjects) return fail(std::move(subjects).error());
    std::ranges::sort(*subjects);
    if (subjects->size() > kMaxSearchedSubjects) subjects->resize(kMaxSearchedSubjects);
    constexpr size_t kBatch = 256;
    for (size_t i = 0; i < subjects->size() && !is_done(); i += kBatch) {
      const auto begin = subjects->begin() + static_cast<std::ptrdiff_t>(i);
      const auto batch_size = static_cast<std::ptrdiff_t>(std::min(kBatch, subjects->size() - i));
      if (auto searched = search({begin, begin + batch_size}); !searched) return searched;
    }
    return {};
  }

 private:
  // By the versions that the registry holds of the wanted subjects, for the wanted types.
  std::vector<std::string> subjects_referred_to() const {
    std::vector<std::string> subjects;
    for (const auto& [name, subject] : observed_.subjects) {
      for (const schema_registry::Reference& reference : subject.versions.back().text.references) {
        if (wanted_.contains(reference.name)) subjects.push_back(reference.subject);
      }
    }
    return subjects;
  }

  Result<void> search(std::vector<std::string> subjects) {
    std::erase_if(subjects, [&](const std::string& subject) { return !searched_.insert(subject).second; });
    for (auto& answer : registry_.latest_of_all(subjects)) {
      if (answer) {
        look_into(*answer);
      } else if (answer.error().code != ErrorCode::kNotFound) {
        return fail(std::move(answer).error());
      }
    }
    return {};
  }

  void look_into(const SubjectVersion& version) {
    const auto json = json::parse(version.text.schema);
    if (!json || version.text.schema_type != "AVRO") return;
    for (const TypeDefinition& definition : find_type_definitions(*json)) {
      if (!wanted_.contains(definition.full_name) || found_whole_.contains(definition.full_name)) continue;
      const bool is_whole = definition.value == &*json;
      const bool is_first =
          observed_.found_types.try_emplace(definition.full_name, version.subject, version.version).second;
      if (!is_first && !is_whole) continue;
      observed_.found_types[definition.full_name] = {version.subject, version.version};
      if (is_whole) found_whole_.insert(definition.full_name);
      observed_.schemas.add(version);
    }
  }

  bool is_done() const {
    return std::ranges::all_of(wanted_, [&](const std::string& name) { return found_whole_.contains(name); });
  }

  Client& registry_;
  Observed& observed_;
  std::set<std::string> wanted_;
  std::set<std::string> searched_;
  std::set<std::string> found_whole_;  // the subject's whole schema is the type: no better one can come
};

}  // namespace

Result<void> find_types(const Desired& desired, Client& registry, Observed& observed) {
  return TypeFinder(desired, registry, observed).find();
}

}  // namespace omashu::provision
