#include "schema_registry/client/client.h"

#include <fmt/core.h>

#include <tuple>
#include <utility>

#include "schema_registry/client/answer.h"
#include "schema_registry/client/flight_cache.h"
#include "schema_registry/client/registry_call.h"
#include "schema_registry/rest_json.h"

namespace omashu::schema_registry {

namespace {

template <class T>
using Future = std::shared_future<Result<T>>;

template <class T>
using Parse = Result<T> (*)(const json::Value&);

template <class T>
using Read = Result<T> (*)(Result<Answer>, Parse<T>);

std::string subject_path(const std::string& subject) { return "/subjects/" + encode_segment(subject); }

std::string version_path(const std::string& subject, int version) {
  return fmt::format("{}/versions/{}", subject_path(subject), version);
}

// "/config", or "/config/{subject}".
std::string scoped_path(const char* root, const std::string& subject) {
  return subject.empty() ? root : root + ('/' + encode_segment(subject));
}

Request get(std::string path) { return {"GET", std::move(path), ""}; }

Request post_text(std::string path, const SchemaText& text) {
  return {"POST", std::move(path), json::to_text(to_json(text))};
}

template <class T>
Result<T> read(Result<Answer> answer, Parse<T> parse) {
  if (!answer) return fail(std::move(answer.error()));
  const Result<json::Value> value = read_answer(*answer);
  if (!value) return fail(value.error());
  Result<T> parsed = parse(*value);
  if (!parsed) return fail(wrong_shape(*answer, parsed.error()));
  return parsed;
}

Result<std::vector<std::string>> parse_strings(const json::Value& value) { return parse_array(value, parse_string); }

Result<std::vector<int>> parse_versions(const json::Value& value) { return parse_array(value, parse_version); }

Result<std::vector<SubjectAndVersion>> parse_places(const json::Value& value) {
  return parse_array(value, parse_subject_and_version);
}

Result<std::vector<SchemaId>> parse_ids(const json::Value& value) {
  return parse_array<SchemaId>(value, [](const json::Value& item) -> Result<SchemaId> {
    const Result<int> id = parse_version(item);
    if (!id) return fail(id.error());
    return SchemaId{*id};
  });
}

Result<std::string> parse_level(const json::Value& value) { return parse_string_member(value, "compatibilityLevel"); }

Result<std::string> parse_mode(const json::Value& value) { return parse_string_member(value, "mode"); }

Result<bool> ignore_shape(const json::Value&) { return true; }

Result<void> without_value(const Result<bool>& result) {
  if (!result) return fail(result.error());
  return {};
}

// For calls that not every server offers: a path that it does not have is a thing that is not there.
template <class T>
Result<T> read_if_offered(Result<Answer> answer, Parse<T> parse) {
  const bool is_missing = answer && answer->status == 404;
  Result<T> result = read(std::move(answer), parse);
  if (!result && is_missing) result.error().code = ErrorCode::kNotFound;
  return result;
}

template <class T>
std::vector<Result<T>> wait_for_all(const std::vector<Future<T>>& futures) {
  std::vector<Result<T>> results;
  results.reserve(futures.size());
  for (const Future<T>& future : futures) results.push_back(future.get());
  return results;
}

class RegistryClient : public Client {
 public:
  RegistryClient(const ClientOptions& options, std::unique_ptr<RegistryCaller> caller)
      : timeout_(options.timeout),
        by_id_({options.cache_capacity, options.failure_ttl, options.clock}),
        by_guid_({options.cache_capacity, options.failure_ttl, options.clock}),
        by_version_({options.cache_capacity, options.failure_ttl, options.clock}),
        lookups_({options.cache_capacity, options.failure_ttl, options.clock}),
        registrations_({options.cache_capacity, options.failure_ttl, options.clock}),
        caller_(std::move(caller)) {}

  Result<void> wait_until_ready(std::chrono::milliseconds timeout) override {
    const auto promise = std::make_shared<std::promise<Result<bool>>>();
    // Servers that know no limit answer with the whole list: as good a sign of life.
    caller_->call(
        get("/subjects?limit=1"), timeout,
        [promise](Result<Answer> answer) { promise->set_value(read(std::move(answer), ignore_shape)); }, true);
    return without_value(promise->get_future().get());
  }

  Result<std::vector<std::string>> subjects(bool with_deleted) override {
    return ask(get("/subjects" + deletion_query(with_deleted)), parse_strings).get();
  }

  Result<std::vector<int>> versions(const std::string& subject) override { return ask_versions(subject, false).get(); }

  Result<SubjectVersion> latest(const std::string& subject) override { return ask_latest(subject).get(); }

  Result<SubjectVersion> version(const std::string& subject, int version) override {
    return ask_version(subject, version, false).get();
  }

  Result<SchemaText> schema_by_id(SchemaId id) override {
    const auto request = [&] { return get(fmt::format("/schemas/ids/{}", static_cast<int32_t>(id))); };
    return cached(by_id_, id, request, parse_schema_text).get();
  }

  Result<SchemaText> schema_by_guid(const std::string& guid) override {
    const auto request = [&] { return get("/schemas/guids/" + encode_segment(guid)); };
    return cached(by_guid_, guid, request, parse_schema_text, read_if_offered<SchemaText>).get();
  }

  Result<std::vector<SubjectAndVersion>> versions_of_id(SchemaId id) override {
    return ask(get(fmt::format("/schemas/ids/{}/versions", static_cast<int32_t>(id))), parse_places).get();
  }

  Result<std::vector<SchemaId>> referenced_by(const std::string& subject, int version) override {
    return ask(get(version_path(subject, version) + "/referencedby"), parse_ids).get();
  }

  Result<SubjectVersion> lookup(const std::string& subject, const SchemaText& text, bool normalize) override {
    const auto request = [&] { return post_text(subject_path(subject) + query_of(normalize), text); };
    return cached(lookups_, TextKey{subject, text, normalize}, request, parse_subject_version).get();
  }

  Result<SchemaId> register_schema(const std::string& subject, const SchemaText& text, bool normalize) override {
    const auto request = [&] { return registration(subject, text, normalize); };
    const Result<SchemaId> id =
        cached(registrations_, TextKey{subject, text, normalize}, request, parse_schema_id).get();
    forget_failures();
    return id;
  }

  Result<CompatibilityVerdict> check_compatibility(const std::string& subject, const SchemaText& text,
                                                   std::optional<int> version) override {
    return compatible_if_new(ask_compatibility(subject, text, version).get(), version);
  }

  Result<CompatibilityVerdict> check_compatibility_at_level(const std::string& subject,
                                                            const SchemaText& text) override {
    const std::string path = fmt::format("/compatibility{}/versions?verbose=true", subject_path(subject));
    return compatible_if_new(ask(post_text(path, text), parse_compatibility_verdict).get(), std::nullopt);
  }

  Result<std::string> compatibility_level(const std::string& subject) override {
    return std::move(compatibility_level_of_all(std::span(&subject, 1)).front());
  }

  Result<std::optional<std::string>> own_compatibility_level(const std::string& subject) override {
    Result<std::string> level = ask(get(scoped_path("/config", subject)), parse_level).get();
    if (!level && level.error().code == ErrorCode::kNotFound) return std::nullopt;
    if (!level) return fail(std::move(level.error()));
    return std::optional(*std::move(level));
  }

  Result<void> set_compatibility_level(const std::string& subject, const std::string& level) override {
    json::Value body = json::Value::object();
    body.add("compatibility", level);
    return without_value(ask({"PUT", scoped_path("/config", subject), json::to_text(body)}, ignore_shape).get());
  }

  Result<std::string> mode(const std::string& subject) override { return ask_mode(subject).get(); }

  Result<void> clear_compatibility_level(const std::string& subject) override {
    return without_value(ask({"DELETE", scoped_path("/config", subject), ""}, ignore_shape).get());
  }

  Result<std::vector<int>> delete_subject(const std::string& subject, bool permanent) override {
    Result<std::vector<int>> deleted =
        ask({"DELETE", subject_path(subject) + permanence_of(permanent), ""}, parse_versions).get();
    forget_subject(subject);
    return deleted;
  }

  Result<int> delete_version(const std::string& subject, int version, bool permanent) override {
    Result<int> deleted =
        ask({"DELETE", version_path(subject, version) + permanence_of(permanent), ""}, parse_version).get();
    forget_subject(subject);
    return deleted;
  }

  std::vector<Result<SchemaId>> register_all(std::span<const Registration> registrations, bool normalize) override {
    std::vector<Result<SchemaId>> ids = for_all<SchemaId>(registrations, [&](const Registration& wanted) {
      return ask(registration(wanted.subject, wanted.text, normalize), parse_schema_id);
    });
    for (size_t i = 0; i < ids.size(); ++i) {
      if (ids[i]) registrations_.put({registrations[i].subject, registrations[i].text, normalize}, *ids[i]);
    }
    forget_failures();
    return ids;
  }

  std::vector<Result<std::vector<int>>> versions_of_all(std::span<const std::string> subjects,
                                                        bool with_deleted) override {
    return for_all<std::vector<int>>(subjects,
                                     [&](const std::string& subject) { return ask_versions(subject, with_deleted); });
  }

  std::vector<Result<SubjectVersion>> latest_of_all(std::span<const std::string> subjects) override {
    return for_all<SubjectVersion>(subjects, [&](const std::string& subject) { return ask_latest(subject); });
  }

  std::vector<Result<SubjectVersion>> version_of_all(std::span<const SubjectAndVersion> versions) override {
    return for_all<SubjectVersion>(
        versions, [&](const SubjectAndVersion& wanted) { return ask_version(wanted.subject, wanted.version, false); });
  }

  std::vector<Result<SubjectVersion>> referenced_versions(std::span<const SubjectAndVersion> versions) override {
    return for_all<SubjectVersion>(
        versions, [&](const SubjectAndVersion& wanted) { return ask_version(wanted.subject, wanted.version, true); });
  }

  std::vector<Result<std::string>> mode_of_all(std::span<const std::string> subjects) override {
    return for_all<std::string>(subjects, [&](const std::string& subject) { return ask_mode(subject); });
  }

  std::vector<Result<std::string>> compatibility_level_of_all(std::span<const std::string> subjects) override {
    auto levels = for_all<std::string>(subjects, [&](const std::string& subject) { return ask_level(subject); });
    // Apicurio does not know defaultToGlobal for a subject that is not there yet.
    std::optional<Result<std::string>> global;
    for (Result<std::string>& level : levels) {
      if (level || level.error().code != ErrorCode::kNotFound) continue;
      if (!global) global = ask_level("").get();
      level = *global;
    }
    return levels;
  }

  std::vector<Result<CompatibilityVerdict>> check_compatibility_of_all(
      std::span<const Registration> registrations) override {
    auto verdicts = for_all<CompatibilityVerdict>(registrations, [&](const Registration& wanted) {
      return ask_compatibility(wanted.subject, wanted.text, std::nullopt);
    });
    for (auto& verdict : verdicts) verdict = compatible_if_new(std::move(verdict), std::nullopt);
    return verdicts;
  }

 private:
  using VersionKey = std::tuple<std::string, int, bool>;      // subject, version, deleted ones too
  using TextKey = std::tuple<std::string, SchemaText, bool>;  // subject, text, normalize

  template <class T>
  Future<T> ask(Request request, Parse<T> parse, Read<T> read_as = read<T>) {
    const auto promise = std::make_shared<std::promise<Result<T>>>();
    Future<T> future = promise->get_future().share();
    caller_->call(std::move(request), timeout_, [promise, parse, read_as](Result<Answer> answer) {
      promise->set_value(read_as(std::move(answer), parse));
    });
    return future;
  }

  template <class Key, class T, class MakeRequest>
  Future<T> cached(FlightCache<Key, T>& cache, const Key& key, MakeRequest&& make_request, Parse<T> parse,
                   Read<T> read_as = read<T>) {
    return cache.get(key, [&](typename FlightCache<Key, T>::Done done) {
      caller_->call(make_request(), timeout_, [done = std::move(done), parse, read_as](Result<Answer> answer) {
        done(read_as(std::move(answer), parse));
      });
    });
  }

  // Sends a request for each, then waits: they are in flight together.
  template <class T, class Item, class Ask>
  std::vector<Result<T>> for_all(std::span<const Item> items, Ask&& ask_for) {
    std::vector<Future<T>> futures;
    futures.reserve(items.size());
    for (const Item& item : items) futures.push_back(ask_for(item));
    return wait_for_all(futures);
  }

  static std::string query_of(bool normalize) { return normalize ? "?normalize=true" : ""; }
  static std::string deletion_query(bool with_deleted) { return with_deleted ? "?deleted=true" : ""; }
  static std::string permanence_of(bool permanent) { return permanent ? "?permanent=true" : ""; }

  static Request registration(const std::string& subject, const SchemaText& text, bool normalize) {
    return post_text(subject_path(subject) + "/versions" + query_of(normalize), text);
  }

  Future<std::vector<int>> ask_versions(const std::string& subject, bool with_deleted) {
    return ask(get(subject_path(subject) + "/versions" + deletion_query(with_deleted)), parse_versions);
  }

  Future<SubjectVersion> ask_latest(const std::string& subject) {
    return ask(get(subject_path(subject) + "/versions/latest"), parse_subject_version);
  }

  Future<SubjectVersion> ask_version(const std::string& subject, int version, bool with_deleted) {
    const auto request = [&] { return get(version_path(subject, version) + deletion_query(with_deleted)); };
    return cached(by_version_, VersionKey{subject, version, with_deleted}, request, parse_subject_version);
  }

  Future<std::string> ask_level(const std::string& subject) {
    const std::string query = subject.empty() ? "" : "?defaultToGlobal=true";
    return ask(get(scoped_path("/config", subject) + query), parse_level);
  }

  Future<std::string> ask_mode(const std::string& subject) {
    const std::string query = subject.empty() ? "" : "?defaultToGlobal=true";
    return ask(get(scoped_path("/mode", subject) + query), parse_mode, read_if_offered<std::string>);
  }

  Future<CompatibilityVerdict> ask_compatibility(const std::string& subject, const SchemaText& text,
                                                 std::optional<int> version) {
    const std::string which = version ? std::to_string(*version) : "latest";
    return ask(post_text(fmt::format("/compatibility{}/versions/{}?verbose=true", subject_path(subject), which), text),
               parse_compatibility_verdict);
  }

  // Confluent's server calls anything compatible with a subject that is not there; Apicurio says 404.
  static Result<CompatibilityVerdict> compatible_if_new(Result<CompatibilityVerdict> verdict,
                                                        std::optional<int> version) {
    if (!verdict && verdict.error().code == ErrorCode::kNotFound && !version) return CompatibilityVerdict{true};
    return verdict;
  }

  // What was not there a moment ago may be there after a write.
  void forget_failures() {
    by_id_.forget_failures();
    by_version_.forget_failures();
    lookups_.forget_failures();
  }

  void forget_subject(const std::string& subject) {
    by_version_.forget_if([&](const VersionKey& key) { return std::get<0>(key) == subject; });
    lookups_.forget_if([&](const TextKey& key) { return std::get<0>(key) == subject; });
    registrations_.forget_if([&](const TextKey& key) { return std::get<0>(key) == subject; });
  }

  const std::chrono::milliseconds timeout_;
  FlightCache<SchemaId, SchemaText> by_id_;
  FlightCache<std::string, SchemaText> by_guid_;
  FlightCache<VersionKey, SubjectVersion> by_version_;
  FlightCache<TextKey, SubjectVersion> lookups_;
  FlightCache<TextKey, SchemaId> registrations_;
  std::unique_ptr<RegistryCaller> caller_;  // last: its calls end in the caches
};

}  // namespace

Result<std::unique_ptr<Client>> Client::open(ClientOptions options) {
  Result<std::unique_ptr<RegistryCaller>> caller = RegistryCaller::open(options);
  if (!caller) return fail(std::move(caller.error()));
  return std::make_unique<RegistryClient>(options, std::move(*caller));
}

}  // namespace omashu::schema_registry
