#include "broker/protocol/testing/any_message.h"

#include <array>

#include "broker/protocol/api_list.h"
#include "broker/protocol/frame.h"
#include "broker/protocol/messages.h"

namespace omashu::broker::testing {
namespace {

template <class Message>
Result<std::string> recode(std::string_view body, int16_t version) {
  const Result<Message> message = decode<Message>(body, version);
  if (!message) return fail(message.error());
  EncodedFrame out;
  MessageCodec<Message>::append(*message, version, out);
  for (size_t filled = 0; const EncodedFrame::Gap& gap : out.gaps) {
    const size_t position = gap.position + filled;
    out.bytes.insert(position, body.substr(position, gap.size_bytes));
    filled += gap.size_bytes;
  }
  return out.bytes;
}

template <class Message>
constexpr AnyMessage any(bool is_request) {
  return {Message::kApi, is_request, recode<Message>};
}

}  // namespace

std::string AnyMessage::name() const { return std::string(api.name) + (is_request ? "Request" : "Response"); }

std::span<const AnyMessage> all_messages() {
#define OMASHU_MESSAGES_OF(Name, ...) any<Name##Request>(true), any<Name##Response>(false),
  static constexpr std::array kMessages = {OMASHU_BROKER_APIS(OMASHU_MESSAGES_OF)};
#undef OMASHU_MESSAGES_OF
  return kMessages;
}

}  // namespace omashu::broker::testing
