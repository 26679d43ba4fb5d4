package web

import (
	_ "embed"
	"encoding/json"
)

// The OpenAPI 3.1 document: what can be asked, written by people, and the shapes of what is
// answered. A test writes those from the types that answers are made of.
var (
	//go:embed api/openapi.json
	apiDescription []byte
	//go:embed api/schemas.json
	apiSchemas json.RawMessage
)

// document returns the OpenAPI document of the API.
func document() map[string]any {
	var doc map[string]any
	if err := json.Unmarshal(apiDescription, &doc); err != nil {
		panic(err) // it is part of the program
	}
	doc["components"].(map[string]any)["schemas"] = apiSchemas
	return doc
}
