#include "broker/protocol/testing/any_message.h"

#include <array>

#include "broker/protocol/00_produce.h"
#include "broker/protocol/01_fetch.h"
#include "broker/protocol/02_list_offsets.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/10_find_coordinator.h"
#include "broker/protocol/18_api_versions.h"
#include "broker/protocol/19_create_topics.h"
#include "broker/protocol/22_init_producer_id.h"
#include "broker/protocol/frame.h"

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

template <class... Requests>
constexpr auto both_ways() {
  return std::array{any<Requests>(true)..., any<typename Requests::Response>(false)...};
}

}  // namespace

std::string AnyMessage::name() const { return std::string(api.name) + (is_request ? "Request" : "Response"); }

std::span<const AnyMessage> all_messages() {
  static constexpr auto kMessages =
      both_ways<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, FindCoordinatorRequest,
                ApiVersionsRequest, CreateTopicsRequest, InitProducerIdRequest>();
  return kMessages;
}

}  // namespace omashu::broker::testing
