// A handler for each API. Those that answer at once return the answer; the others get a Reply, and keep of the request,
// which views its frame, only copies.

#pragma once

#include "broker/handler/reply.h"
#include "broker/handler/request_context.h"

namespace omashu::broker {

class Broker;

struct ProduceRequest;
struct ProduceResponse;
struct FetchRequest;
struct FetchResponse;
struct ListOffsetsRequest;
struct ListOffsetsResponse;
struct MetadataRequest;
struct MetadataResponse;
struct FindCoordinatorRequest;
struct FindCoordinatorResponse;
struct ApiVersionsRequest;
struct ApiVersionsResponse;
struct CreateTopicsRequest;
struct CreateTopicsResponse;
struct DeleteTopicsRequest;
struct DeleteTopicsResponse;
struct InitProducerIdRequest;
struct InitProducerIdResponse;
struct CreatePartitionsRequest;
struct CreatePartitionsResponse;

void handle_produce(Broker&, const RequestContext&, const ProduceRequest&, Reply<ProduceResponse>);
void handle_fetch(Broker&, const RequestContext&, const FetchRequest&, Reply<FetchResponse>);
ListOffsetsResponse handle_list_offsets(Broker&, const RequestContext&, const ListOffsetsRequest&);
MetadataResponse handle_metadata(Broker&, const RequestContext&, const MetadataRequest&);
FindCoordinatorResponse handle_find_coordinator(Broker&, const RequestContext&, const FindCoordinatorRequest&);
ApiVersionsResponse handle_api_versions(Broker&, const RequestContext&, const ApiVersionsRequest&);
CreateTopicsResponse handle_create_topics(Broker&, const RequestContext&, const CreateTopicsRequest&);
DeleteTopicsResponse handle_delete_topics(Broker&, const RequestContext&, const DeleteTopicsRequest&);
InitProducerIdResponse handle_init_producer_id(Broker&, const RequestContext&, const InitProducerIdRequest&);
CreatePartitionsResponse handle_create_partitions(Broker&, const RequestContext&, const CreatePartitionsRequest&);

}  // namespace omashu::broker
