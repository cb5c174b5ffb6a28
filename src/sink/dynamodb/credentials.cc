#include "sink/dynamodb/credentials.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/json.h"
#include "base/shown.h"
#include "base/time_point_text.h"
#include "sink/dynamodb/shared_config.h"

namespace omashu::sink::dynamodb {

namespace {

using std::chrono::system_clock;

constexpr std::chrono::minutes kRenewBefore{5};
constexpr std::string_view kContainerHost = "http://169.254.170.2";

std::string profile_of(const AwsEnvironment& environment) {
  return environment.variable("AWS_PROFILE").value_or("default");
}

std::string path_of(const AwsEnvironment& environment, const char* variable, std::string_view file) {
  if (const auto path = environment.variable(variable)) return *path;
  return fmt::format("{}/.aws/{}", environment.variable("HOME").value_or(""), file);
}

// An empty one where there is no such file.
Result<SharedConfig> read_config(const AwsEnvironment& environment, const std::string& path) {
  const Result<std::string> text = environment.read_file(path);
  if (!text && text.error().code == ErrorCode::kNotFound) return SharedConfig{};
  if (!text) return fail(text.error());
  Result<SharedConfig> config = parse_shared_config(*text);
  if (!config) return fail(std::move(config.error()).within(path));
  return config;
}

// Bytes that would end the header they are put into, or begin another.
bool is_header_text(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

// Keys without a character that would break a request's headers.
bool are_usable(const Credentials& keys) {
  return !keys.access_key_id.empty() && !keys.secret_access_key.empty() && is_header_text(keys.access_key_id) &&
         is_header_text(keys.session_token);
}

std::string text_member(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member != nullptr && member->is_string() ? member->text() : "";
}

// Over plain HTTP a token and keys may go to this machine and the two addresses of containers alone.
bool is_trusted_uri(std::string_view uri) {
  if (uri.find('@') != uri.npos) return false;  // http://127.0.0.1:80@elsewhere/
  if (uri.starts_with("https://")) return true;
  for (const std::string_view host :
       {"http://127.0.0.1", "http://localhost", "http://[::1]", "http://169.254.170.2", "http://169.254.170.23"}) {
    if (!uri.starts_with(host)) continue;
    const std::string_view rest = uri.substr(host.size());
    if (rest.empty() || rest[0] == '/' || rest[0] == ':') return true;
  }
  return false;
}

}  // namespace

Result<std::string> find_region(const AwsEnvironment& environment) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (auto region = environment.variable(name)) return *std::move(region);
  }
  for (const auto& [variable, file] :
       {std::pair{"AWS_CONFIG_FILE", "config"}, std::pair{"AWS_SHARED_CREDENTIALS_FILE", "credentials"}}) {
    const auto config = read_config(environment, path_of(environment, variable, file));
    if (!config) return fail(config.error());
    std::string region = profile_value(*config, profile_of(environment), "region");
    if (!region.empty()) return region;
  }
  return "";
}

Result<TimedCredentials> parse_container_credentials(std::string_view body) {
  const Result<json::Value> value = json::parse(body);
  if (!value) return fail(ErrorCode::kInternal, "the answer with container credentials is no JSON");
  TimedCredentials credentials;
  credentials.keys = {text_member(*value, "AccessKeyId"), text_member(*value, "SecretAccessKey"),
                      text_member(*value, "Token")};
  if (!are_usable(credentials.keys)) {
    return fail(ErrorCode::kInternal, "the answer with container credentials has no AccessKeyId and SecretAccessKey");
  }
  const std::string expires = text_member(*value, "Expiration");
  if (expires.empty()) return credentials;
  const Result<int64_t> time = parse_time_point(expires, 0);
  if (!time) return fail(ErrorCode::kInternal, "container credentials with an Expiration that is no time");
  // The clock's times end in 2262.
  constexpr auto kLatest = std::chrono::floor<std::chrono::milliseconds>(system_clock::time_point::max());
  credentials.expires =
      std::min(std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(*time)), kLatest);
  return credentials;
}

Result<Credentials> CredentialChain::get(system_clock::time_point now) {
  if (!found_ || (found_->expires && now + kRenewBefore >= *found_->expires)) {
    Result<TimedCredentials> found = find();
    if (found) {
      found_ = *std::move(found);
    } else if (!found_ || now >= *found_->expires) {
      return fail(std::move(found.error()));
    }
  }
  return found_->keys;
}

Result<TimedCredentials> CredentialChain::find() const {
  const auto id = environment_.variable("AWS_ACCESS_KEY_ID");
  const auto secret = environment_.variable("AWS_SECRET_ACCESS_KEY");
  if (id.has_value() != secret.has_value()) {
    return fail(ErrorCode::kInvalidArgument, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together: one is not set");
  }
  if (id) {
    TimedCredentials credentials{{*id, *secret, environment_.variable("AWS_SESSION_TOKEN").value_or("")}, {}};
    if (are_usable(credentials.keys)) return credentials;
    return fail(ErrorCode::kInvalidArgument, "AWS_ACCESS_KEY_ID or AWS_SESSION_TOKEN has a line break in it");
  }
  Result<std::optional<TimedCredentials>> from_file = from_files();
  if (!from_file) return fail(std::move(from_file.error()));
  if (*from_file) return **std::move(from_file);
  if (const auto path = environment_.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    return from_container(std::string(kContainerHost) + *path);
  }
  if (const auto url = environment_.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    if (is_trusted_uri(*url)) return from_container(*url);
    return fail(
        ErrorCode::kInvalidArgument,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or an address of this machine or its container host");
  }
  if (allow_none_) return TimedCredentials{{"omashu", "omashu"}, {}};
  return fail(ErrorCode::kUnauthorized,
              fmt::format("no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the profile {} "
                          "its aws_access_key_id and aws_secret_access_key in {}",
                          shown(profile_of(environment_)),
                          path_of(environment_, "AWS_SHARED_CREDENTIALS_FILE", "credentials")));
}

Result<std::optional<TimedCredentials>> CredentialChain::from_files() const {
  const std::string profile = profile_of(environment_);
  bool needs_other = false;
  for (const auto& [variable, file] :
       {std::pair{"AWS_SHARED_CREDENTIALS_FILE", "credentials"}, std::pair{"AWS_CONFIG_FILE", "config"}}) {
    const std::string path = path_of(environment_, variable, file);
    const Result<SharedConfig> config = read_config(environment_, path);
    if (!config) return fail(config.error());
    const auto value = [&](std::string_view name) { return profile_value(*config, profile, name); };
    Credentials keys{value("aws_access_key_id"), value("aws_secret_access_key"), value("aws_session_token")};
    if (are_usable(keys)) return TimedCredentials{std::move(keys), {}};
    for (const char* name : {"credential_process", "sso_session", "sso_start_url", "role_arn"}) {
      needs_other = needs_other || !value(name).empty();
    }
  }
  if (!needs_other) return std::nullopt;
  return fail(ErrorCode::kUnauthorized,
              fmt::format("the profile {} has no keys of its own but a log-in, a role or a process that makes them, "
                          "which omashu does not do: hand their keys over in the environment, as `aws configure "
                          "export-credentials --format env` prints them",
                          shown(profile)));
}

Result<TimedCredentials> CredentialChain::from_container(const std::string& url) const {
  std::string token = environment_.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const auto path = environment_.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    const Result<std::string> text = environment_.read_file(*path);
    if (!text) return fail(text.error());
    token = text->substr(0, text->find_last_not_of("\r\n") + 1);
  }
  if (!is_header_text(token)) {
    return fail(ErrorCode::kInvalidArgument, "the authorization token of the container has a line break in it");
  }
  const Result<std::string> body = environment_.fetch(url, token);
  if (!body) return fail(Error(body.error()).within("credentials of the container"));
  return parse_container_credentials(*body);
}

}  // namespace omashu::sink::dynamodb
