#include "service/cluster/plan_request.h"

#include <fmt/core.h>

#include <optional>

#include "base/json.h"
#include "base/shown.h"

namespace omashu::service {

namespace {

constexpr size_t kMaxFiles = 1'000;
constexpr std::string_view kUsualName = "topics_and_schemas.txt";

std::unexpected<Problem> refuse_at(std::string pointer, std::string detail) {
  return refuse({.type = ProblemType::kMalformedBody, .detail = std::move(detail), .pointer = std::move(pointer)});
}

// The list of topics where the request does not name it.
std::optional<std::string> only_list(const provision::FileTexts& files) {
  std::optional<std::string> found;
  for (const auto& [name, text] : files) {
    if (name == kUsualName) return name;
  }
  for (const auto& [name, text] : files) {
    if (!name.ends_with(".txt")) continue;
    if (found) return std::nullopt;
    found = name;
  }
  return found;
}

}  // namespace

Answer<PlanRequest> parse_plan_request(std::string_view body) {
  const auto parsed = json::parse(body);
  if (!parsed) return refuse(ProblemType::kMalformedBody, "the body is no JSON: " + parsed.error().message);
  const json::Value* files = parsed->find("files");
  if (files == nullptr || !files->is_object()) {
    return refuse_at("/files", R"(write {"files":{"topics_and_schemas.txt":"…","a.avsc":"…"}})");
  }
  if (files->members().size() > kMaxFiles) {
    return refuse_at("/files", fmt::format("there are more than {} files", kMaxFiles));
  }
  PlanRequest request;
  for (const json::Member& member : files->members()) {
    if (!member.value.is_string()) return refuse_at("/files", shown(member.name) + ": its text must be a string");
    if (!request.files.emplace(member.name, member.value.text()).second) {
      return refuse_at("/files", shown(member.name) + " is there twice");
    }
  }
  const json::Value* file = parsed->find("file");
  if (file != nullptr && !file->is_string()) return refuse_at("/file", "write the name of one of the files");
  request.file = file != nullptr ? file->text() : only_list(request.files);
  return request;
}

std::optional<provision::Mistake> mistaken_list(const PlanRequest& request) {
  if (!request.file) {
    return provision::Mistake{
        .place = {},
        .message = fmt::format("which file is the list of topics? Name it in `file`, or call it {}", kUsualName)};
  }
  if (request.files.contains(*request.file)) return std::nullopt;
  return provision::Mistake{.place = {.file = *request.file, .position = {}},
                            .message = "the list of topics is none of the files"};
}

}  // namespace omashu::service
