// Shows openapi.json, which lies beside this page. No other host is asked, not even for a badge of validity.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
