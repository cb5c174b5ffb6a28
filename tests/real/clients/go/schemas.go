package main

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/sr"
)

// A subject's life: versions, compatibility, references, and both kinds of deletion.
func checkSchemas(ctx context.Context) {
	registry := registry()
	subject := "go-schemas"
	text := schemaText("value")
	first := must(registry.CreateSchema(ctx, subject, sr.Schema{Schema: text}))
	requireEqual("the id of the same again", must(registry.CreateSchema(ctx, subject, sr.Schema{Schema: text})).ID, first.ID)
	requireEqual("the id by its text", must(registry.LookupSchema(ctx, subject, sr.Schema{Schema: text})).ID, first.ID)
	requireEqual("the latest version", must(registry.SchemaByVersion(ctx, subject, -1)).Version, first.Version)

	other := sr.Schema{Schema: `{"type":"record","name":"DownloadStatus","namespace":"downloads","fields":[
		{"name":"added","type":"string"}]}`}
	_, err := registry.CreateSchema(ctx, subject, other)
	requireError(err, "incompatible")
	require(!must(registry.CheckCompatibility(ctx, subject, -1, other)).Is, "it is said to be compatible")
	set := registry.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatNone}, subject)[0]
	require(set.Err == nil, "NONE was refused: %v", set.Err)
	requireEqual("level", registry.Compatibility(ctx, subject)[0].Level, sr.CompatNone)
	second := must(registry.CreateSchema(ctx, subject, other))
	require(second.ID != first.ID, "two schemas have one id")

	referring := must(registry.CreateSchema(ctx, subject+"-referring", sr.Schema{
		Schema:     `{"type":"array","items":"downloads.DownloadStatus"}`,
		References: []sr.SchemaReference{{Name: "downloads.DownloadStatus", Subject: subject, Version: second.Version}},
	}))
	requireEqual("who refers", must(registry.SchemaReferences(ctx, subject, second.Version))[0].ID, referring.ID)

	require(slices.Contains(must(registry.Subjects(ctx)), subject), "the subject is not listed")
	must(registry.DeleteSubject(ctx, subject+"-referring", sr.SoftDelete))
	must(registry.DeleteSubject(ctx, subject+"-referring", sr.HardDelete))
	requireEqual("versions deleted", len(must(registry.DeleteSubject(ctx, subject, sr.SoftDelete))), 2)
	must(registry.DeleteSubject(ctx, subject, sr.HardDelete))
	require(!slices.Contains(must(registry.Subjects(sr.WithParams(ctx, sr.ShowDeleted))), subject), "it is still listed")
}
