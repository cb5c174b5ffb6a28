// /compatibility: would a schema go with what a subject holds?

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/compatibility_check.h"
#include "schema_registry/server/route_support.h"
#include "schema_registry/server/subject_name.h"
#include "schema_registry/server/versions.h"

namespace omashu::schema_registry::server {

namespace {

std::string verdict_json(const std::vector<std::string>& reasons, bool is_verbose) {
  std::string verdict = reasons.empty() ? R"({"is_compatible":true)" : R"({"is_compatible":false)";
  if (is_verbose) verdict += R"(,"messages":)" + strings_json(reasons);
  return verdict + "}";
}

// Against these versions, at the level in force. With ?verbose=true also what is no schema has a verdict.
Answer<std::string> check(const Store& store, const http::Exchange& exchange, const std::string& subject,
                          std::span<const VersionEntry> versions) {
  const http::Request& request = exchange.request();
  const bool is_verbose = flag(request, "verbose");
  const Answer<SchemaRequest> sent = parse_schema_request(request.body);
  if (!sent) return std::unexpected(sent.error());
  const ConfigValue config = store.config_in_force(subject);
  const bool normalize = flag(request, "normalize") || config.normalize.value_or(false);
  Answer<Candidate> candidate = make_candidate(store, subject, sent->text, sent->annotations, normalize);
  if (candidate) {
    if (auto suit = check_defaults(store, subject, *candidate); !suit) candidate = std::unexpected(suit.error());
  }
  if (!candidate && !is_verbose) return std::unexpected(candidate.error());
  if (!candidate) return verdict_json({candidate.error().message}, true);
  return verdict_json(conflicts_with(store, subject, *candidate, config, versions), is_verbose);
}

Answer<std::string> check_all(const Store& store, const http::Exchange& exchange) {
  const std::string subject = subject_meant(store, exchange);
  return check(store, exchange, subject, live_versions(store, subject));
}

// Anything goes with the latest version of a subject that has none.
Answer<std::string> check_one(const Store& store, const http::Exchange& exchange) {
  const std::string subject = subject_meant(store, exchange);
  const Answer<std::optional<int>> version = parse_version_name(exchange.parameter("version"));
  if (!version) return std::unexpected(version.error());
  const Subject* found = store.find_subject(subject);
  const VersionEntry* entry = nullptr;
  if (found != nullptr) entry = *version ? found->find(**version) : found->latest();
  const bool is_there = entry != nullptr && !entry->is_deleted;
  if (!is_there && *version) return version_not_found(**version);
  return check(store, exchange, subject, is_there ? std::span(entry, 1) : std::span<const VersionEntry>());
}

}  // namespace

void add_compatibility_routes(http::Router& router, const Api& api) {
  const std::string versions = "/compatibility/subjects/{subject}/versions";
  add_read(router, api, http::Method::kPost, versions, check_all);
  add_read(router, api, http::Method::kPost, versions + "/{version}", check_one);
}

}  // namespace omashu::schema_registry::server
