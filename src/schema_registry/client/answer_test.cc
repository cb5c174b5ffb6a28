#include "schema_registry/client/answer.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry {
namespace {

Answer answer_of(int status, std::string body, std::string content_type = "application/json") {
  return {.status = status,
          .content_type = std::move(content_type),
          .location = "",
          .body = std::move(body),
          .call = "GET http://reg:8081/subjects/s",
          .attempts = 1};
}

Error error_of(const Answer& answer) {
  const Result<json::Value> read = read_answer(answer);
  EXPECT_FALSE(read.has_value()) << answer.status << ' ' << answer.body;
  return read ? Error{} : read.error();
}

TEST(Answer, ASuccessIsItsJson) { EXPECT_EQ(read_answer(answer_of(200, "[1]")).value().items().size(), 1u); }

TEST(Answer, ConfluentsErrorCodesAreTyped) {
  const std::tuple<int, int, ErrorCode> cases[] = {
      {404, 40401, ErrorCode::kNotFound},        {404, 40402, ErrorCode::kNotFound},
      {404, 40403, ErrorCode::kNotFound},        {404, 40404, ErrorCode::kNotFound},
      {404, 40408, ErrorCode::kNotFound},        {404, 40405, ErrorCode::kConflict},
      {409, 40406, ErrorCode::kConflict},        {409, 40407, ErrorCode::kConflict},
      {422, 42206, ErrorCode::kConflict},        {422, 42205, ErrorCode::kConflict},
      {409, 409, ErrorCode::kIncompatible},      {409, 40901, ErrorCode::kIncompatible},
      {422, 42201, ErrorCode::kInvalidArgument}, {422, 42203, ErrorCode::kInvalidArgument},
      {400, 400, ErrorCode::kInvalidArgument},   {413, 41301, ErrorCode::kInvalidArgument},
      {401, 401, ErrorCode::kUnauthorized},      {403, 40301, ErrorCode::kUnauthorized},
      {408, 408, ErrorCode::kTimeout},           {500, 50002, ErrorCode::kTimeout},
      {429, 429, ErrorCode::kUnavailable},       {500, 50001, ErrorCode::kUnavailable},
      {503, 50004, ErrorCode::kUnavailable},
  };
  for (const auto& [status, error_code, code] : cases) {
    const std::string body = R"({"error_code":)" + std::to_string(error_code) + R"(,"message":"the reason"})";
    const Error error = error_of(answer_of(status, body));
    EXPECT_EQ(error.code, code) << error_code;
    EXPECT_NE(error.message.find("GET http://reg:8081/subjects/s: the reason"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find(std::to_string(error_code)), std::string::npos) << error.message;
  }
}

TEST(Answer, NonsenseIsNamedForWhatItIs) {
  const std::tuple<int, const char*, ErrorCode> cases[] = {
      {200, "", ErrorCode::kInternal},
      {200, "<html>hi</html>", ErrorCode::kInternal},
      {404, R"({"error_code":404,"message":"HTTP 404 Not Found"})", ErrorCode::kInternal},
      {404, "<html>nginx</html>", ErrorCode::kInternal},
      {400, "[]", ErrorCode::kInternal},
      {422, R"({"error_code":"x"})", ErrorCode::kInternal},
      {401, "<html>log in</html>", ErrorCode::kUnauthorized},
      {502, "<html>bad gateway</html>", ErrorCode::kUnavailable},
  };
  for (const auto& [status, body, code] : cases) {
    const Error error = error_of(answer_of(status, body, "text/html"));
    EXPECT_EQ(error.code, code) << status << body;
    EXPECT_NE(error.message.find("GET http://reg:8081/subjects/s: answered HTTP " + std::to_string(status)),
              std::string::npos)
        << error.message;
    EXPECT_NE(error.message.find("text/html"), std::string::npos);
  }
}

TEST(Answer, WhatCameIsShownShortAndInOneLine) {
  const Error error = error_of(answer_of(200, "a\nb\x1b[31m" + std::string(1000, 'x')));
  EXPECT_NE(error.message.find("\"a b [31mxxx"), std::string::npos) << error.message;
  EXPECT_EQ(error.message.find('\n'), std::string::npos);
  EXPECT_LT(error.message.size(), 300u);
  EXPECT_EQ(error_of(answer_of(404, R"({"error_code":40401,"message":"a\nb"})")).message.find('\n'), std::string::npos);
}

TEST(Answer, RedirectsAreNotFollowed) {
  Answer answer = answer_of(302, "");
  answer.location = "https://elsewhere/login";
  const Error error = error_of(answer);
  EXPECT_EQ(error.code, ErrorCode::kInternal);
  EXPECT_NE(error.message.find("https://elsewhere/login"), std::string::npos) << error.message;
}

}  // namespace
}  // namespace omashu::schema_registry
