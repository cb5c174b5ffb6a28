// /subjects

#include <algorithm>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/candidate.h"
#include "schema_registry/server/deletion.h"
#include "schema_registry/server/registration.h"
#include "schema_registry/server/route_support.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// As many as there are: clients list all subjects in one call.
constexpr size_t kMaxSubjects = 1'000'000;

bool is_wanted(const Subject& subject, bool deleted_too, bool deleted_only) {
  const bool is_live = subject.latest() != nullptr;
  return deleted_only ? !is_live : is_live || deleted_too;
}

Answer<std::string> list_subjects(const Store& store, const http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  const std::string context = context_of(exchange);
  const std::string prefix = context.empty()
                                 ? request.query_value("subjectPrefix").value_or(std::string(kAnyContext))
                                 : qualified_subject(context, request.query_value("subjectPrefix").value_or(""));
  const bool deleted_too = flag(request, "deleted");
  const bool deleted_only = flag(request, "deletedOnly");
  std::vector<std::string> names;
  for (const auto& [name, subject] : store.subjects()) {
    if (has_subject_prefix(name, prefix) && is_wanted(subject, deleted_too, deleted_only)) names.push_back(name);
  }
  page_of(request, kMaxSubjects).cut(names);
  return strings_json(names);
}

// A subject without a context may also be meant in any of the contexts where it is.
std::vector<std::string> meanings(const Store& store, const std::string& subject) {
  std::vector<std::string> names = {subject};
  if (!context_of(subject).empty()) return names;
  for (const std::string& context : store.contexts()) names.push_back(context + subject);
  return names;
}

Answer<std::string> look_up(const Store& store, const std::string& subject, const SchemaRequest& sent,
                            const http::Request& request) {
  const bool deleted_too = flag(request, "deleted");
  const Subject* found = store.find_subject(subject);
  if (found == nullptr || !found->has(deleted_too)) return subject_not_found(subject);
  if (sent.text.schema.empty()) return schema_not_found("");
  const bool is_normal = flag(request, "normalize") || store.config_in_force(subject).normalize.value_or(false);
  const VersionEntry* same = nullptr;
  const Annotations inherited = inherited_annotations(store, subject, sent.annotations);
  for (const Annotations& annotations : {sent.annotations, configured_annotations(store, subject, inherited)}) {
    const Answer<Candidate> candidate = make_candidate(store, subject, sent.text, annotations, is_normal);
    if (!candidate) return std::unexpected(candidate.error());
    same = find_same(store, subject, *candidate, deleted_too);
    if (same != nullptr) break;
  }
  if (same == nullptr) return schema_not_found("");
  return version_answer(store, request, subject, *same);
}

Answer<std::string> look_up_schema(const Store& store, const http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  const Answer<SchemaRequest> sent = parse_schema_request(request.body.empty() ? "{}" : request.body);
  if (!sent) return std::unexpected(sent.error());
  Answer<std::string> first;
  for (const std::string& subject : meanings(store, subject_meant(store, exchange))) {
    Answer<std::string> found = look_up(store, subject, *sent, request);
    if (found) return found;
    if (first) first = std::move(found);
  }
  return first;
}

// The latest version whose metadata has the properties ?key=…&value=…
Answer<std::string> latest_with_metadata(const Store& store, const http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  const std::string name = subject_meant(store, exchange);
  const std::vector<std::string> keys = request.query_values("key");
  const std::vector<std::string> values = request.query_values("value");
  json::Value wanted = json::Value::object();
  for (size_t i = 0; i < std::min(keys.size(), values.size()); ++i) wanted.add(keys[i], values[i]);
  const bool deleted_too = flag(request, "deleted");
  const Subject* subject = store.find_subject(name);
  if (subject == nullptr || !subject->has(deleted_too)) return subject_not_found(name);
  for (auto entry = subject->versions.rbegin(); entry != subject->versions.rend(); ++entry) {
    if (entry->is_deleted && !deleted_too) continue;
    if (!has_properties(entry->content->all_annotations().metadata, wanted)) continue;
    return version_answer(store, request, name, *entry);
  }
  return schema_not_found("");
}

Answer<Decide> prepare_deletion(const http::Exchange& exchange) {
  return [subject = subject_of(exchange), permanent = flag(exchange.request(), "permanent")](const Store& store) {
    return delete_subject(store, store.subject_meant_by(subject), permanent);
  };
}

}  // namespace

void add_subject_routes(http::Router& router, const Api& api) {
  add_read(router, api, http::Method::kGet, "/subjects", list_subjects);
  add_read(router, api, http::Method::kPost, "/subjects/{subject}", look_up_schema);
  add_read(router, api, http::Method::kGet, "/subjects/{subject}/metadata", latest_with_metadata);
  add_write(router, api, http::Method::kDelete, "/subjects/{subject}", prepare_deletion);
}

}  // namespace omashu::schema_registry::server
