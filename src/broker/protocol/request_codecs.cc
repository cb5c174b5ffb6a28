// The codecs of all requests. Those of the responses are in response_codecs.cc, so that both compile at once.

#include "broker/protocol/api_list.h"
#include "broker/protocol/message_codec.h"
#include "broker/protocol/messages.h"

namespace omashu::broker {

#define OMASHU_CODEC_OF(Name, ...) template struct MessageCodec<Name##Request>;
OMASHU_BROKER_APIS(OMASHU_CODEC_OF)
#undef OMASHU_CODEC_OF

}  // namespace omashu::broker
