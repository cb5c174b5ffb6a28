// Where the sink's AWS credentials come from, in the order of AWS's own tools: environment, shared files, container.
// Not thread-safe. No error and no message has a part of a secret in it.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"
#include "sink/dynamodb/signature.h"

namespace omashu::sink::dynamodb {

// The parts of the world that credentials are found in.
struct AwsEnvironment {
  std::function<std::optional<std::string>(const char*)> variable;        // unset and empty are the same
  std::function<Result<std::string>(const std::string& path)> read_file;  // kNotFound where there is none
  // GET with a header Authorization, unless that is "".
  std::function<Result<std::string>(const std::string& url, const std::string& authorization)> fetch;
};

// AWS_REGION, AWS_DEFAULT_REGION, or the region of the profile; "" where there is none.
Result<std::string> find_region(const AwsEnvironment& environment);

// What a container's endpoint answers.
struct TimedCredentials {
  Credentials keys;
  std::optional<std::chrono::system_clock::time_point> expires;
};
Result<TimedCredentials> parse_container_credentials(std::string_view body);

class CredentialChain {
 public:
  // With `allow_none` there is a placeholder where no credentials are found: for servers on the own machine, which
  // take any.
  CredentialChain(AwsEnvironment environment, bool allow_none)
      : environment_(std::move(environment)), allow_none_(allow_none) {}

  // Those found before, unless they expire within five minutes or forget() was called. kUnavailable and kTimeout are
  // worth another try.
  Result<Credentials> get(std::chrono::system_clock::time_point now);

  // They were refused as too old: the next get() finds others.
  void forget() { found_.reset(); }

 private:
  Result<TimedCredentials> find() const;
  Result<std::optional<TimedCredentials>> from_files() const;
  Result<TimedCredentials> from_container(const std::string& url) const;

  const AwsEnvironment environment_;
  const bool allow_none_;
  std::optional<TimedCredentials> found_;
};

}  // namespace omashu::sink::dynamodb
