#include "http/web_socket_frames.h"

#include <gtest/gtest.h>

#include "http/testing/client_frame.h"

namespace omashu::http {
namespace {

using Kind = WebSocketEvent::Kind;
using testing::client_frame;

constexpr uint8_t kLast = 0x80;
constexpr uint8_t kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;

std::vector<WebSocketEvent> read_all(std::string_view bytes, size_t piece, size_t max_message_bytes = 100'000) {
  WebSocketReader reader(max_message_bytes);
  std::vector<WebSocketEvent> events;
  while (!bytes.empty()) {
    for (auto event = reader.read(bytes.substr(0, piece)); event; event = reader.read("")) events.push_back(*event);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return events;
}

std::vector<WebSocketEvent> read_all(std::string_view bytes) { return read_all(bytes, bytes.size()); }

TEST(WebSocketFrames, TheStandardsExamples) {
  // RFC 6455, section 5.7.
  EXPECT_EQ(frame(Opcode::kText, "Hello"), "\x81\x05Hello");
  const auto events = read_all(std::string("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].payload, "Hello");
  const std::string large = frame(Opcode::kText, std::string(65'536, 'x'));
  EXPECT_EQ(large.substr(0, 10), std::string("\x81\x7F\0\0\0\0\0\1\0\0", 10));
  EXPECT_EQ(frame(Opcode::kText, std::string(256, 'x')).substr(0, 4), std::string("\x81\x7E\1\0", 4));
}

TEST(WebSocketFrames, MessagesInPiecesWithControlFramesBetweenThemHoweverTheBytesAreCut) {
  const std::string bytes =
      client_frame(kText, "one ") + client_frame(kLast | kPing, "ping") + client_frame(0, std::string(300, 'y')) +
      client_frame(kLast | kPong, "") + client_frame(kLast | 0, " end") + client_frame(kLast | kText, "") +
      client_frame(kLast | kText, std::string(70'000, 'z')) + client_frame(kLast | kClose, "\x0f\xa0why");
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, bytes.size()}) {
    const auto events = read_all(bytes, piece);
    ASSERT_EQ(events.size(), 6U) << piece;
    EXPECT_EQ(events[0].kind, Kind::kPing);
    EXPECT_EQ(events[0].payload, "ping");
    EXPECT_EQ(events[1].kind, Kind::kPong);
    EXPECT_EQ(events[2].payload, "one " + std::string(300, 'y') + " end");
    EXPECT_EQ(events[3].kind, Kind::kMessage);
    EXPECT_EQ(events[3].payload, "");
    EXPECT_EQ(events[4].payload.size(), 70'000U);
    EXPECT_EQ(events[5].kind, Kind::kClose);
    EXPECT_EQ(events[5].code, static_cast<CloseCode>(4000));
    EXPECT_EQ(events[5].payload, "why");
  }
}

TEST(WebSocketFrames, ACloseWithoutACodeIsANormalOne) {
  const auto events = read_all(client_frame(kLast | kClose, ""));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].code, CloseCode::kNormal);
}

struct Wrong {
  const char* name;
  std::string bytes;
  CloseCode code;
};

class WrongFrames : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongFrames, AreSaidToBeWrongAndEndEverything) {
  const auto events = read_all(GetParam().bytes + client_frame(kLast | kText, "behind it"));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, Kind::kFailed);
  EXPECT_EQ(events[0].code, GetParam().code);
  EXPECT_FALSE(events[0].payload.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongFrames,
    ::testing::Values(
        Wrong{"NotMasked", frame(Opcode::kText, "x"), CloseCode::kProtocolError},
        Wrong{"Reserved", client_frame(kLast | 0x40 | kText, "x"), CloseCode::kProtocolError},
        Wrong{"Binary", client_frame(kLast | kBinary, "x"), CloseCode::kUnsupportedData},
        Wrong{"Opcode3", client_frame(kLast | 3, "x"), CloseCode::kProtocolError},
        Wrong{"Opcode15", client_frame(kLast | 15, "x"), CloseCode::kProtocolError},
        Wrong{"NothingToGoOnWith", client_frame(kLast | 0, "x"), CloseCode::kProtocolError},
        Wrong{"TextWithinText", client_frame(kText, "x") + client_frame(kLast | kText, "y"), CloseCode::kProtocolError},
        Wrong{"PingInPieces", client_frame(kPing, "x"), CloseCode::kProtocolError},
        Wrong{"LongPing", client_frame(kLast | kPing, std::string(126, 'x')), CloseCode::kProtocolError},
        Wrong{"LengthInTwoBytesForNothing", std::string("\x81\xfe\0\1", 4) + "mask!", CloseCode::kProtocolError},
        Wrong{"LengthInEightBytesForNothing", std::string("\x81\xff\0\0\0\0\0\0\xff\xff", 10) + "mask!",
              CloseCode::kProtocolError},
        Wrong{"TooBig", client_frame(kLast | kText, std::string(100'001, 'x')), CloseCode::kTooBig},
        Wrong{"TooBigTogether", client_frame(kText, std::string(100'000, 'x')) + client_frame(kLast | 0, "y"),
              CloseCode::kTooBig},
        Wrong{"TooBigForAnybody", std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10) + "mask!",
              CloseCode::kTooBig},
        Wrong{"NotUtf8", client_frame(kLast | kText, "\xff"), CloseCode::kNotUtf8},
        Wrong{"CloseOfOneByte", client_frame(kLast | kClose, "x"), CloseCode::kProtocolError},
        Wrong{"CloseWithCode1005", client_frame(kLast | kClose, "\x03\xed"), CloseCode::kProtocolError},
        Wrong{"CloseWithCode999", client_frame(kLast | kClose, "\x03\xe7"), CloseCode::kProtocolError},
        Wrong{"CloseWithCode5000", client_frame(kLast | kClose, "\x13\x88"), CloseCode::kProtocolError},
        Wrong{"CloseWithReasonNotUtf8", client_frame(kLast | kClose, "\x03\xe8\xff"), CloseCode::kNotUtf8}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(WebSocketFrames, EachBeginningOfAFrameWaitsForTheRest) {
  const std::string bytes = client_frame(kLast | kText, std::string(300, 'x'));
  for (size_t size = 0; size < bytes.size(); ++size) {
    WebSocketReader reader(1000);
    EXPECT_FALSE(reader.read(bytes.substr(0, size))) << size;
    EXPECT_TRUE(reader.read(bytes.substr(size))) << size;
  }
}

TEST(WebSocketFrames, ALongReasonIsCutBetweenCharacters) {
  std::string reason = std::string(122, 'x') + "\xc3\xa9";
  EXPECT_EQ(close_frame(CloseCode::kGoingAway, reason), "\x88\x7c\x03\xe9" + std::string(122, 'x'));
}

}  // namespace
}  // namespace omashu::http
