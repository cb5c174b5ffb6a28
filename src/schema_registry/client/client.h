// A client of any Confluent-compatible schema registry: HTTP with keep-alive, requests in flight together, fail-over
// between several URLs, and a cache. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry {

struct ClientOptions {
  std::vector<std::string> urls;  // each may carry a base path; tried in order when one is away
  std::string basic_auth_user_info;  // "user:password", or
  std::string bearer_token;
  std::string ca_file, certificate_file, key_file, key_password;  // TLS, PEM
  std::chrono::milliseconds timeout{30'000};                      // of one call, retries included
  int max_in_flight = 32;                                         // requests at once
};

class Client {
 public:
  static Result<std::unique_ptr<Client>> open(ClientOptions options);
  virtual ~Client() = default;

  // Waits until the registry answers, at most for `timeout`.
  virtual Result<void> wait_until_ready(std::chrono::milliseconds timeout) = 0;

  virtual Result<std::vector<std::string>> subjects() = 0;
  virtual Result<std::vector<int>> versions(const std::string& subject) = 0;

  // kNotFound where there is none. Immutable answers (by id, by number) come from the cache the second time.
  virtual Result<SubjectVersion> latest(const std::string& subject) = 0;
  virtual Result<SubjectVersion> version(const std::string& subject, int version) = 0;
  virtual Result<SchemaText> schema_by_id(SchemaId id) = 0;

  // The version under which this subject holds the schema (POST /subjects/{s}).
  virtual Result<SubjectVersion> lookup(const std::string& subject, const SchemaText& text, bool normalize) = 0;
  virtual Result<SchemaId> register_schema(const std::string& subject, const SchemaText& text, bool normalize) = 0;

  // The level in force for the subject: its own, else the global one.
  virtual Result<std::string> compatibility_level(const std::string& subject) = 0;

  // Soft; then for good where `permanent`.
  virtual Result<std::vector<int>> delete_subject(const std::string& subject, bool permanent) = 0;

  // The same calls for many subjects at once, answers in the order of the questions.
  struct Registration {
    std::string subject;
    SchemaText text;
  };
  virtual std::vector<Result<SchemaId>> register_all(std::span<const Registration> registrations, bool normalize) = 0;
  virtual std::vector<Result<std::vector<int>>> versions_of_all(std::span<const std::string> subjects) = 0;
  virtual std::vector<Result<SubjectVersion>> latest_of_all(std::span<const std::string> subjects) = 0;
  struct SubjectAndVersion {
    std::string subject;
    int version = 0;
  };
  virtual std::vector<Result<SubjectVersion>> version_of_all(std::span<const SubjectAndVersion> versions) = 0;
  virtual std::vector<Result<std::string>> compatibility_level_of_all(std::span<const std::string> subjects) = 0;
};

}  // namespace omashu::schema_registry
