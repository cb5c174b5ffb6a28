#include "http/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::http {
namespace {

using Progress = RequestReader::Progress;
using ::testing::HasSubstr;

constexpr const char* kPost =
    "POST /subjects/a/versions?normalize=True HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/json\r\n"
    "Content-Length: 7\r\n\r\n{\"a\":1}";

void expect_post(const Request& request) {
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.target, "/subjects/a/versions?normalize=True");
  EXPECT_EQ(request.field("content-type"), "application/json");
  EXPECT_EQ(request.body, "{\"a\":1}");
}

TEST(RequestReader, ReadsWhateverThePieces) {
  const std::string text = kPost;
  for (size_t cut = 0; cut < text.size(); ++cut) {
    RequestReader reader({});
    EXPECT_TRUE(reader.is_between_requests());
    ASSERT_EQ(reader.read(text.substr(0, cut)), Progress::kNeedsMore) << cut;
    ASSERT_EQ(reader.read(text.substr(cut)), Progress::kComplete) << cut;
    EXPECT_FALSE(reader.is_between_requests());
    EXPECT_TRUE(reader.keep_alive());
    expect_post(reader.take_request());
    EXPECT_TRUE(reader.is_between_requests());
  }
}

TEST(RequestReader, ReadsOneAfterTheOther) {
  RequestReader reader({});
  ASSERT_EQ(reader.read(std::string(kPost) + kPost + "GET / HTTP/1.1\r\nHost: h\r\n"), Progress::kComplete);
  expect_post(reader.take_request());
  ASSERT_EQ(reader.read(""), Progress::kComplete);
  expect_post(reader.take_request());
  ASSERT_EQ(reader.read(""), Progress::kNeedsMore);
  EXPECT_FALSE(reader.is_between_requests());
  ASSERT_EQ(reader.read("Connection: close\r\n\r\n"), Progress::kComplete);
  EXPECT_FALSE(reader.keep_alive());
  EXPECT_EQ(reader.take_request().target, "/");
}

TEST(RequestReader, ReadsChunks) {
  RequestReader reader({});
  ASSERT_EQ(reader.read("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
            Progress::kNeedsMore);
  ASSERT_EQ(reader.read("2;x=y\r\nde\r\n0\r\n\r\n"), Progress::kComplete);
  EXPECT_EQ(reader.take_request().body, "abcde");
}

TEST(RequestReader, ReadsChunksByteByByte) {
  for (const char* chunks : {"0\r\n\r\n", "0\r\nTrailer: 1\r\n\r\n", "00;x\r\n\r\n", "1\r\n0\r\n0\r\n\r\n"}) {
    RequestReader reader({});
    const std::string text = std::string("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n") + chunks;
    for (size_t at = 0; at + 1 < text.size(); ++at) {
      ASSERT_EQ(reader.read(text.substr(at, 1)), Progress::kNeedsMore) << chunks << " at " << at;
    }
    ASSERT_EQ(reader.read("\n"), Progress::kComplete) << chunks;
  }
}

TEST(RequestReader, TellsOnceThatTheClientWaits) {
  RequestReader reader({});
  ASSERT_EQ(reader.read("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"),
            Progress::kWantsContinue);
  ASSERT_EQ(reader.read("a"), Progress::kNeedsMore);
  ASSERT_EQ(reader.read("b"), Progress::kComplete);
  EXPECT_EQ(reader.take_request().body, "ab");
}

TEST(RequestReader, KeepsOldClientsConnectionsOnlyWhereTheyAsk) {
  RequestReader reader({});
  ASSERT_EQ(reader.read("GET / HTTP/1.0\r\n\r\n"), Progress::kComplete);
  EXPECT_FALSE(reader.keep_alive());
}

TEST(RequestReader, BoundsTheBody) {
  const RequestLimits limits = {.body_bytes = 10};
  RequestReader announced(limits);
  ASSERT_EQ(announced.read("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n"), Progress::kFailed);
  EXPECT_EQ(announced.error_status(), 413);
  EXPECT_THAT(announced.error_reason(), HasSubstr("10 bytes"));
  ASSERT_EQ(announced.read("x"), Progress::kFailed);

  RequestReader chunked(limits);
  ASSERT_EQ(chunked.read("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n"),
            Progress::kFailed);
  EXPECT_EQ(chunked.error_status(), 413);
  RequestReader just_right(limits);
  EXPECT_EQ(just_right.read("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n1234567890"), Progress::kComplete);
}

TEST(RequestReader, BoundsTheHead) {
  RequestReader long_line({.head_bytes = 100});
  EXPECT_EQ(long_line.read("GET /" + std::string(200, 'x')), Progress::kFailed);
  EXPECT_EQ(long_line.error_status(), 431);
  RequestReader many_lines({});
  std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 101; ++i) head += "a: b\r\n";
  EXPECT_EQ(many_lines.read(head + "\r\n"), Progress::kFailed);
  EXPECT_EQ(many_lines.error_status(), 431);
}

TEST(RequestReader, BoundsWhatStandsAroundChunks) {
  for (const char* endless : {"1;", "0;", "0\r\nTrailer: "}) {
    RequestReader reader({.head_bytes = 1000});
    ASSERT_EQ(reader.read("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), Progress::kNeedsMore);
    ASSERT_EQ(reader.read(endless), Progress::kNeedsMore) << endless;
    EXPECT_EQ(reader.read(std::string(900, 'x')), Progress::kNeedsMore) << endless;
    EXPECT_EQ(reader.read(std::string(100, 'x')), Progress::kFailed) << endless;
    EXPECT_EQ(reader.error_status(), 431) << endless;
  }
  // Not less so where all of it comes at once.
  RequestReader whole({.head_bytes = 1000});
  EXPECT_EQ(whole.read("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: " +
                       std::string(1000, 'x') + "\r\n\r\n"),
            Progress::kFailed);
  EXPECT_EQ(whole.error_status(), 431);
}

TEST(RequestReader, RefusesAHeadThatLeavesTheHostOpen) {
  for (const auto& [text, reason] : {std::pair("GET / HTTP/1.1\r\n\r\n", "no Host"),
                                     std::pair("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "several"),
                                     std::pair("GET / HTTP/1.1\r\nhost: a\r\nX: y\r\nHOST: b\r\n\r\n", "several"),
                                     std::pair("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "several"),
                                     std::pair("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "names no host"),
                                     std::pair("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "names no host"),
                                     std::pair("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "names no host"),
                                     std::pair("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", "no Host")}) {
    RequestReader reader({});
    EXPECT_EQ(reader.read(text), Progress::kFailed) << text;
    EXPECT_EQ(reader.error_status(), 400) << text;
    EXPECT_THAT(reader.error_reason(), HasSubstr(reason)) << text;
  }
}

TEST(RequestReader, RefusesFoldedLines) {
  for (const char* text :
       {"GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA:\r\n b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n 2\r\n\r\n"}) {
    const std::string_view all = text;
    for (size_t cut = 0; cut < all.size(); ++cut) {
      RequestReader reader({});
      reader.read(all.substr(0, cut));
      EXPECT_EQ(reader.read(all.substr(cut)), Progress::kFailed) << text << " cut at " << cut;
      EXPECT_EQ(reader.error_status(), 400) << text;
      EXPECT_THAT(reader.error_reason(), HasSubstr("folded")) << text;
    }
  }
  RequestReader body({});
  EXPECT_EQ(body.read("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n\n x"), Progress::kComplete);
}

TEST(RequestReader, TrailersAreNoFields) {
  RequestReader reader({});
  ASSERT_EQ(reader.read("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: i\r\nA: b\r\n\r\n"),
            Progress::kComplete);
  const Request request = reader.take_request();
  EXPECT_EQ(request.field("host"), "h");
  EXPECT_EQ(request.field("a"), "");
}

TEST(RequestReader, TellsWhatTheBodyWillNeed) {
  RequestReader reader({.body_bytes = 1000});
  ASSERT_EQ(reader.read("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n"), Progress::kNeedsMore);
  EXPECT_EQ(reader.body_bytes(), 0u);
  ASSERT_EQ(reader.read("\r\n12345"), Progress::kNeedsMore);
  EXPECT_EQ(reader.body_bytes(), 10u);
  RequestReader chunked({.body_bytes = 1000});
  ASSERT_EQ(chunked.read("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), Progress::kNeedsMore);
  EXPECT_EQ(chunked.body_bytes(), 1000u);
}

TEST(RequestReader, OldClientsNameNoHost) {
  RequestReader reader({});
  EXPECT_EQ(reader.read("GET / HTTP/1.0\r\n\r\n"), Progress::kComplete);
}

TEST(RequestReader, RefusesWhatIsNotHttp) {
  for (const char* text :
       {"hello\r\n\r\n", "GET  HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\na\x01: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "\x16\x03\x01\x02\x00\x01",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    RequestReader reader({});
    EXPECT_EQ(reader.read(text), Progress::kFailed) << text;
    EXPECT_EQ(reader.error_status(), 400) << text;
    EXPECT_THAT(reader.error_reason(), HasSubstr("not HTTP")) << text;
  }
}

}  // namespace
}  // namespace omashu::http
