// /subjects/{subject}/versions

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/candidate.h"
#include "schema_registry/server/deletion.h"
#include "schema_registry/server/registration.h"
#include "schema_registry/server/retagging.h"
#include "schema_registry/server/route_support.h"
#include "schema_registry/server/subject_name.h"
#include "schema_registry/server/versions.h"

namespace omashu::schema_registry::server {

namespace {

constexpr size_t kMaxVersions = 1'000'000;

Answer<std::string> list_versions(const Store& store, const http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  const std::string name = subject_meant(store, exchange);
  const bool deleted_only = flag(request, "deletedOnly");
  const bool deleted_too = flag(request, "deleted") || deleted_only;
  const Subject* subject = store.find_subject(name);
  if (subject == nullptr || !subject->has(deleted_too)) return subject_not_found(name);
  std::vector<int> versions;
  for (const VersionEntry& entry : subject->versions) {
    if (deleted_only ? entry.is_deleted : deleted_too || !entry.is_deleted) versions.push_back(entry.version);
  }
  page_of(request, kMaxVersions).cut(versions);
  return numbers_json(versions);
}

struct Found {
  std::string subject;
  const VersionEntry* entry;
};

// A subject without a context that the default one does not have may be meant in another.
Answer<Found> find(const Store& store, const http::Exchange& exchange) {
  const bool deleted_too = flag(exchange.request(), "deleted");
  const std::string subject = subject_meant(store, exchange);
  const std::string& version = exchange.parameter("version");
  const Answer<const VersionEntry*> entry = find_named(store, subject, version, deleted_too);
  if (entry) return Found{subject, *entry};
  if (context_of(subject).empty()) {
    for (const std::string& context : store.contexts()) {
      if (const auto other = find_named(store, context + subject, version, deleted_too)) {
        return Found{context + subject, *other};
      }
    }
  }
  return std::unexpected(entry.error());
}

Answer<std::string> get_version(const Store& store, const http::Exchange& exchange) {
  const Answer<Found> found = find(store, exchange);
  if (!found) return std::unexpected(found.error());
  return version_answer(store, exchange.request(), found->subject, *found->entry);
}

Answer<std::string> get_text(const Store& store, const http::Exchange& exchange) {
  const Answer<Found> found = find(store, exchange);
  if (!found) return std::unexpected(found.error());
  const Content& content = *found->entry->content;
  const auto text = formatted_text(store, content, exchange.request().query_value("format").value_or(""));
  if (!text) return std::unexpected(text.error());
  return text->value_or(content.text.schema);
}

Answer<std::string> list_referrers(const Store& store, const http::Exchange& exchange) {
  const Answer<Found> found = find(store, exchange);
  if (!found) return std::unexpected(found.error());
  std::set<int> ids;
  for (const Content* referrer : store.referrers(found->subject, found->entry->version)) {
    if (flag(exchange.request(), "deleted") || store.is_live(*referrer)) ids.insert(static_cast<int>(referrer->id));
  }
  return numbers_json(std::vector<int>(ids.begin(), ids.end()));
}

// A schema that is there already is found by any registry; only a new one needs the leader.
void register_version(const Api& api, const http::ExchangePtr& exchange) {
  const http::Request& request = exchange->request();
  Answer<SchemaRequest> sent = parse_schema_request(request.body);
  if (!sent) return answer(exchange, std::unexpected(std::move(sent.error())));
  const auto registration = std::make_shared<Registration>(
      Registration{subject_of(*exchange), *std::move(sent), flag(request, "normalize"), accepts_unknown(request)});
  Answer<std::optional<std::string>> known = api.store.read([&](const Store& store) {
    registration->subject = store.subject_meant_by(registration->subject);
    return find_registered(store, *registration);
  });
  if (!known) return answer(exchange, std::unexpected(std::move(known.error())));
  if (*known) return answer(exchange, *std::move(*known));
  submit(api, exchange, [registration](const Store& store) { return register_schema(store, *registration); });
}

Answer<Decide> prepare_retagging(const http::Exchange& exchange) {
  Answer<Retagging> wanted = parse_retagging(exchange.request().body);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  return [subject = subject_of(exchange), version = exchange.parameter("version"), wanted = *std::move(wanted),
          tells_all = accepts_unknown(exchange.request())](const Store& store) {
    return retag(store, store.subject_meant_by(subject), version, wanted, tells_all);
  };
}

Answer<Decide> prepare_deletion(const http::Exchange& exchange) {
  return [subject = subject_of(exchange), version = exchange.parameter("version"),
          permanent = flag(exchange.request(), "permanent")](const Store& store) {
    return delete_version(store, store.subject_meant_by(subject), version, permanent);
  };
}

}  // namespace

void add_version_routes(http::Router& router, const Api& api) {
  const std::string versions = "/subjects/{subject}/versions";
  add_read(router, api, http::Method::kGet, versions, list_versions);
  add_read(router, api, http::Method::kGet, versions + "/{version}", get_version);
  add_read(router, api, http::Method::kGet, versions + "/{version}/schema", get_text);
  add_read(router, api, http::Method::kGet, versions + "/{version}/referencedby", list_referrers);
  add_route(router, api, http::Method::kPost, versions, http::Access::kWrite,
            [&api](const http::ExchangePtr& exchange) { register_version(api, exchange); });
  add_write(router, api, http::Method::kPost, versions + "/{version}/tags", prepare_retagging);
  add_write(router, api, http::Method::kDelete, versions + "/{version}", prepare_deletion);
}

}  // namespace omashu::schema_registry::server
