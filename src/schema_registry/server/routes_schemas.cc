// /schemas: by id, by guid, and all of them.

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "avro/schema_text.h"
#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/candidate.h"
#include "schema_registry/server/route_support.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// Confluent's own bound; who wants more asks for the next page.
constexpr size_t kMaxSchemas = 1'000;
constexpr size_t kMaxPlaces = 1'000'000;

bool is_registered_as(const Content& content, std::string_view subject) {
  return std::ranges::any_of(content.places, [&](const Content::Place& place) { return *place.subject == subject; });
}

// An id means something in a context. A subject says in which: its own, or, where it says none, the default one if the
// schema is registered there under it, else any in which it is.
const Content* find_by_id(const Store& store, SchemaId id, const std::string& subject) {
  const std::string_view context = context_of(subject);
  const Content* content = store.find(context, id);
  const bool is_bare = context.empty() && !subject.empty();
  if (!is_bare || (content != nullptr && is_registered_as(*content, subject))) return content;
  for (const std::string& other : store.contexts()) {
    const Content* there = store.find(other, id);
    if (there != nullptr && is_registered_as(*there, other + subject)) return there;
  }
  return content;
}

Answer<const Content*> find(const Store& store, const http::Exchange& exchange) {
  const std::string& text = exchange.parameter("id");
  int id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id < 0) return refuse(404, "HTTP 404 Not Found");
  const std::string subject = store.subject_meant_by(
      qualified_subject(context_of(exchange), exchange.request().query_value("subject").value_or("")));
  const Content* content = find_by_id(store, SchemaId{id}, subject);
  if (content == nullptr) return schema_not_found(text);
  return content;
}

std::string_view context_of_content(const Content& content) { return context_of(*content.places.front().subject); }

// The place of a schema that a request by id means: in the subject that it names, if the schema is there.
const Content::Place& place_of(const Content& content, const Store& store, const http::Exchange& exchange) {
  const std::string name = exchange.request().query_value("subject").value_or("");
  const std::string subject = store.subject_meant_by(qualified_subject(context_of_content(content), name));
  const auto found = std::ranges::find(content.places, subject,
                                       [](const Content::Place& place) { return std::string_view(*place.subject); });
  return found == content.places.end() ? content.places.front() : *found;
}

Answer<std::string> get_schema(const Store& store, const http::Exchange& exchange) {
  const Answer<const Content*> content = find(store, exchange);
  if (!content) return std::unexpected(content.error());
  const http::Request& request = exchange.request();
  auto text = formatted_text(store, **content, request.query_value("format").value_or(""));
  if (!text) return std::unexpected(std::move(text.error()));
  SchemaPlace place = {.text = *std::move(text)};
  if (flag(request, "fetchMaxId")) place.max_id = store.max_id(context_of_content(**content));
  const Content::Place& where = place_of(**content, store, exchange);
  place.entry = store.find_version(*where.subject, where.version);
  if (accepts_unknown(request) && request.query_value("subject")) {
    place.subject = *where.subject;
    place.version = where.version;
  }
  return schema_json(place, **content, accepts_unknown(request));
}

// ?format=resolved writes out what the schema refers to.
Answer<std::string> get_text(const Store& store, const http::Exchange& exchange) {
  const Answer<const Content*> content = find(store, exchange);
  if (!content) return std::unexpected(content.error());
  const auto text = formatted_text(store, **content, exchange.request().query_value("format").value_or(""));
  if (!text) return std::unexpected(text.error());
  return text->value_or((*content)->text.schema);
}

// Where the schema is registered: each subject and version, deleted ones where the request wants them.
Answer<std::vector<Content::Place>> places_of(const Store& store, const http::Exchange& exchange) {
  const Answer<const Content*> content = find(store, exchange);
  if (!content) return std::unexpected(content.error());
  const bool deleted_too = flag(exchange.request(), "deleted");
  std::vector<Content::Place> places;
  for (const Content::Place& place : (*content)->places) {
    if (deleted_too || !store.find_version(*place.subject, place.version)->is_deleted) places.push_back(place);
  }
  page_of(exchange.request(), kMaxPlaces).cut(places);
  return places;
}

Answer<std::string> list_subjects(const Store& store, const http::Exchange& exchange) {
  const Answer<std::vector<Content::Place>> places = places_of(store, exchange);
  if (!places) return std::unexpected(places.error());
  std::set<std::string> subjects;
  for (const Content::Place& place : *places) subjects.insert(*place.subject);
  return strings_json(std::vector<std::string>(subjects.begin(), subjects.end()));
}

Answer<std::string> list_versions(const Store& store, const http::Exchange& exchange) {
  const Answer<std::vector<Content::Place>> places = places_of(store, exchange);
  if (!places) return std::unexpected(places.error());
  std::string out = "[";
  for (const Content::Place& place : *places) {
    if (out.size() > 1) out += ',';
    out += R"({"subject":)";
    json::append_quoted(out, *place.subject);
    out += fmt::format(R"(,"version":{}}})", place.version);
  }
  return out + "]";
}

// ---- By guid, in all contexts

std::vector<std::pair<std::string, const Content*>> find_by_guid(const Store& store, std::string_view text) {
  std::vector<std::pair<std::string, const Content*>> found;
  const std::optional<Guid> guid = parse_guid(text);
  if (!guid) return found;
  if (const Content* content = store.find("", *guid)) found.emplace_back("", content);
  for (const std::string& context : store.contexts()) {
    if (const Content* content = store.find(context, *guid)) found.emplace_back(context, content);
  }
  return found;
}

Answer<std::string> get_by_guid(const Store& store, const http::Exchange& exchange) {
  const auto found = find_by_guid(store, exchange.parameter("guid"));
  if (found.empty()) return schema_not_found(exchange.parameter("guid"));
  const Content& content = *found.front().second;
  auto text = formatted_text(store, content, exchange.request().query_value("format").value_or(""));
  if (!text) return std::unexpected(std::move(text.error()));
  return schema_json({.text = *std::move(text)}, content, accepts_unknown(exchange.request()));
}

Answer<std::string> list_ids_of_guid(const Store& store, const http::Exchange& exchange) {
  std::string out = "[";
  for (const auto& [context, content] : find_by_guid(store, exchange.parameter("guid"))) {
    if (out.size() > 1) out += ',';
    out += R"({"context":)";
    json::append_quoted(out, context_name(context));
    out += fmt::format(R"(,"id":{}}})", static_cast<int32_t>(content->id));
  }
  return out + "]";
}

// ---- All

Answer<std::string> list_schemas(const Store& store, const http::Exchange& exchange) {
  const http::Request& request = exchange.request();
  const std::string prefix = qualified_subject(context_of(exchange), request.query_value("subjectPrefix").value_or(""));
  const bool deleted_too = flag(request, "deleted");
  const bool latest_only = flag(request, "latestOnly");
  const Page page = page_of(request, kMaxSchemas);
  size_t passed = 0;
  size_t told = 0;
  std::string out = "[";
  for (const auto& [name, subject] : store.subjects()) {
    if (told == page.limit) break;
    if (!has_subject_prefix(name, prefix)) continue;
    const VersionEntry* latest = deleted_too ? &subject.versions.back() : subject.latest();
    for (const VersionEntry& entry : subject.versions) {
      if ((entry.is_deleted && !deleted_too) || (latest_only && &entry != latest)) continue;
      if (passed++ < page.offset || told == page.limit) continue;
      if (told++ > 0) out += ',';
      out += schema_json({.subject = name, .version = entry.version, .id = entry.content->id, .entry = &entry},
                         *entry.content, accepts_unknown(request));
    }
  }
  return out + "]";
}

Answer<std::string> list_types(const Store&, const http::Exchange&) { return R"(["AVRO"])"; }

}  // namespace

void add_schema_routes(http::Router& router, const Api& api) {
  add_read(router, api, http::Method::kGet, "/schemas", list_schemas);
  add_read(router, api, http::Method::kGet, "/schemas/types", list_types);
  add_read(router, api, http::Method::kGet, "/schemas/ids/{id}", get_schema);
  add_read(router, api, http::Method::kGet, "/schemas/ids/{id}/schema", get_text);
  add_read(router, api, http::Method::kGet, "/schemas/ids/{id}/subjects", list_subjects);
  add_read(router, api, http::Method::kGet, "/schemas/ids/{id}/versions", list_versions);
  add_read(router, api, http::Method::kGet, "/schemas/guids/{guid}", get_by_guid);
  add_read(router, api, http::Method::kGet, "/schemas/guids/{guid}/ids", list_ids_of_guid);
}

}  // namespace omashu::schema_registry::server
